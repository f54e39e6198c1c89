// Which of a trace's sources are not any more what ran: a file whose text differs, or that is gone.

import {
  absolutePath,
  isFolderWithin,
  isNamedWithin,
  readWithin,
  type Reach,
} from "../session/named-files.ts";
import type { SourceRow } from "../trace/tables.ts";
import type { Trace } from "../trace/trace.ts";

export interface SourcesNow {
  /** By their names, in the order of the trace. */
  readonly changed: readonly string[];
  /** Out of reach: nothing is known of them. */
  readonly unread: readonly string[];
}

export function sourcesNow({ header, tables }: Trace, reach: Reach): SourcesNow {
  const changed = new Set<string>();
  const unread = new Set<string>();
  // A trace from another machine: nothing is known of its sources here.
  const isHere = isFolderWithin(reach, header.root);
  for (const source of tables.sources) {
    const path = absolutePath(header.root, source.path);
    if (path === undefined || !isNamedWithin(reach, path)) unread.add(source.path);
    else if (isHere && !isSame(source, path, reach)) changed.add(source.path);
  }
  return { changed: [...changed], unread: [...unread] };
}

/** What is larger than the text that ran is another text, and is not read. */
function isSame({ text }: SourceRow, path: string, reach: Reach): boolean {
  const bytes = readWithin(reach, path, Buffer.byteLength(text));
  return bytes !== undefined && Buffer.from(bytes).toString("utf8") === text;
}
