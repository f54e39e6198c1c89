// A trace file, read from disk and decoded.

import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { decode } from "../trace/decode.ts";
import type { Trace } from "../trace/trace.ts";

export type DecodedFile =
  | { readonly kind: "decoded"; readonly trace: Trace; readonly problems: readonly TraceProblem[] }
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

type TraceProblem = ReturnType<typeof decode>["problems"][number];

/** `subject` begins each problem of what was read; "" where the file is plain to see, as in the panel. */
export function decodeFile(path: string, subject = `${path}: `): DecodedFile {
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
  if (trace !== undefined) return { kind: "decoded", trace, problems };
  return { kind: "unreadable", problems: problems.map((each) => `${subject}${each.message}`) };
}
