// A trace file, read and analysed.

import { analyze } from "../analysis/analyze.ts";
import type { Report } from "../analysis/report.ts";
import { decodeFile } from "../session/decode-file.ts";

export type ReadTrace =
  | { readonly kind: "read"; readonly report: Report }
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

export function readTrace(path: string): ReadTrace {
  const file = decodeFile(path);
  if (file.kind === "unreadable") return file;
  return { kind: "read", report: analyze(file.trace, file.problems) };
}
