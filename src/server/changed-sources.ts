// Which of a trace's sources are not any more what ran: a file whose text differs, or that is gone.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Trace } from "../trace/trace.ts";

/** By their names, in the order of the trace. */
export function changedSources({ header, tables }: Trace): readonly string[] {
  return tables.sources.flatMap(({ path, text }) => {
    const file = join(header.root, path);
    // A trace from another machine: nothing is known of its sources here.
    if (!existsSync(header.root)) return [];
    return existsSync(file) && readFileSync(file, "utf8") === text ? [] : [path];
  });
}
