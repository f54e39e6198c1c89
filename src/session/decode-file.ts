// A trace file, read from disk and decoded, with who recorded it.

import { inflateRawSync } from "node:zlib";
import { decode } from "../trace/decode.ts";
import type { Trace } from "../trace/trace.ts";
import { readRegularFile } from "./read-regular-file.ts";
import { provenanceOf, type Provenance } from "./trust/provenance.ts";
import { contentOf } from "./trust/trace-seal.ts";

export interface DecodedTrace {
  readonly kind: "decoded";
  readonly path: string;
  readonly trace: Trace;
  readonly problems: readonly TraceProblem[];
  readonly provenance: Provenance;
  /** Digest of all that the trace says but its events. */
  readonly content: string;
}

export type DecodedFile =
  | DecodedTrace
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

type TraceProblem = ReturnType<typeof decode>["problems"][number];

/** `subject` begins each problem of what was read; "" where the file is plain to see, as in the panel. */
export function decodeFile(path: string, subject = `${path}: `): DecodedFile {
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: "unreadable", problems: [`The trace can't be read: ${why}`] };
  }
  const { trace, problems, seal } = decode(bytes, (stored, rawBytes) =>
    inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
  );
  if (trace !== undefined) {
    const provenance = provenanceOf(bytes, seal);
    return { kind: "decoded", path, trace, problems, provenance, content: contentOf(bytes, seal) };
  }
  return { kind: "unreadable", problems: problems.map((each) => `${subject}${each.message}`) };
}
