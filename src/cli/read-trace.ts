// A trace file, read and analysed.

import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { analyze } from "../analysis/analyze.ts";
import type { Report } from "../analysis/report.ts";
import { decode } from "../trace/decode.ts";

export type ReadTrace =
  | { readonly kind: "read"; readonly report: Report }
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

export function readTrace(path: string): ReadTrace {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: "unreadable", problems: [`The trace can't be read: ${why}`] };
  }
  const { trace, problems } = decode(bytes, (stored, rawBytes) =>
    inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
  );
  if (trace !== undefined) return { kind: "read", report: analyze(trace, problems) };
  return { kind: "unreadable", problems: problems.map((each) => `${path}: ${each.message}`) };
}
