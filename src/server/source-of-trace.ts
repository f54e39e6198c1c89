// Where a file is that a trace names, for a person who wants to see it.

import type { SourceAnswer } from "../protocol/server-messages.ts";
import {
  absolutePath,
  fileWithin,
  type OpenedFolders,
  type Reach,
} from "../session/named-files.ts";
import type { Provenance } from "../session/trust/provenance.ts";
import type { Trace } from "../trace/trace.ts";

export interface Seen {
  readonly trace: Trace;
  readonly provenance: Provenance["kind"];
  readonly opened: OpenedFolders;
  readonly reach: Reach;
}

export function sourceOfTrace(
  { trace, provenance, opened, reach }: Seen,
  name: string,
): SourceAnswer {
  const { root } = trace.header;
  for (const folder of [root, ...opened.folders]) {
    const path = absolutePath(folder, name);
    if (path !== undefined && fileWithin(reach, path) !== undefined) return { kind: "file", path };
  }
  const recorded = trace.tables.sources.findLast(({ path }) => path === name);
  if (recorded !== undefined) return { kind: "text", text: recorded.text };
  const path = absolutePath(root, name);
  const isOurs = provenance === "here" && opened.trusted && path !== undefined;
  return isOurs ? { kind: "elsewhere", path } : { kind: "none" };
}
