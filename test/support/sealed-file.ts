// A small trace file as a session writes it, in chunks, so that tests can change, move and repeat them; checksums are made right again.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { TraceEncoder } from "../../src/trace/encode.ts";
import { makeBatch } from "../../src/trace/event-batch.ts";
import { codeOf } from "../../src/trace/event-kind.ts";
import { crc32 } from "../../src/trace/crc32.ts";
import { fileHeader } from "../../src/trace/format.ts";
import type { TraceHeader } from "../../src/trace/header.ts";
import { SealWriter } from "../../src/session/trust/trace-seal.ts";
import { testHeader } from "./test-header.ts";

const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes));

export function inflate(bytes: Uint8Array, rawBytes: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: Math.max(1, rawBytes) });
}

export interface FileParts {
  readonly header?: Partial<TraceHeader>;
  /** Text by path. */
  readonly sources?: Readonly<Record<string, string>>;
}

/** The file's first bytes, then its chunks. */
export function chunksOf({ header, sources = {} }: FileParts): Uint8Array[] {
  const batch = makeBatch(1);
  batch.length = 1;
  batch.code[0] = codeOf("lockAcquired");
  const rows = Object.entries(sources).map(([path, text]) => ({ path, sha256: "", text }));
  return [
    fileHeader(),
    encoder.header({ ...testHeader, ...header }),
    encoder.rows("strings", ["", "a"]),
    encoder.events(1, batch, 0),
    ...rows.map((row) => encoder.rows("sources", [row])),
    encoder.events(1, batch, 0),
    encoder.footer({ endNanos: 60_000, reason: "completed", message: "" }),
  ];
}

/** As a session seals it, its bytes coming in pieces of these sizes, over and over. */
export function sealOf(
  key: Uint8Array,
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
): { readonly wholeBytes: number; readonly chunk: Uint8Array } | undefined {
  const writer = new SealWriter(key);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    writer.take(bytes.subarray(at, at + size));
    at += size;
  }
  return writer.end();
}

export function sealed(key: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array[] {
  const end = sealOf(key, Buffer.concat(chunks));
  return end === undefined ? [...chunks] : [...chunks, end.chunk];
}

/** One byte changed, and the checksum made right: what no checksum would notice. */
export function changed(chunk: Uint8Array, at: number, by: number): Uint8Array {
  const copy = Uint8Array.from(chunk);
  copy[at] = (copy[at] ?? 0) ^ by;
  const isChecksum = at >= 28 && at < 32;
  if (copy.length < 32 || isChecksum) return copy;
  const sum = crc32(copy.subarray(32), crc32(copy.subarray(0, 28)));
  new DataView(copy.buffer).setUint32(28, sum, true);
  return copy;
}
