// The bytes of a .pooltrace file, the only place that knows offsets; docs/trace-format.md describes it, version by version.
//
//   file    "POOLTRC" version(u8) | chunk ...
//   chunk   mark u32 | kind u8 | codec u8 | thread u16 | events u32 | first time f64 | raw bytes u32 | stored bytes u32
//           | CRC-32 u32, of the header up to here and the stored bytes | stored bytes
//
// All numbers are little-endian. Times are nanoseconds from the trace's start.

import { crc32 } from "./crc32.ts";

export const traceVersion = 2;
export const fileMark: Uint8Array = Uint8Array.from("POOLTRC", (letter) => letter.charCodeAt(0));
export const fileHeaderBytes = 8;
export const chunkHeaderBytes = 32;
export const chunkMark = 0x4b_4e_48_43;
/** No chunk's body is larger, before or after compression: a bound on what a damaged header can make us allocate. */
export const largestChunk: number = 2 ** 26;

export const chunkKinds = ["header", "footer", "table", "events", "seal"] as const;
export type ChunkKind = (typeof chunkKinds)[number];
export const codecNone = 0;
export const codecDeflate = 1;

export interface ChunkHeader {
  readonly kind: ChunkKind;
  readonly codec: number;
  readonly thread: number;
  readonly events: number;
  readonly firstTime: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
}

export function fileHeader(): Uint8Array {
  const bytes = new Uint8Array(fileHeaderBytes);
  bytes.set(fileMark);
  bytes[fileMark.length] = traceVersion;
  return bytes;
}

export function writeChunk(header: Omit<ChunkHeader, "storedBytes">, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(chunkHeaderBytes + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, chunkMark, true);
  view.setUint8(4, chunkKinds.indexOf(header.kind));
  view.setUint8(5, header.codec);
  view.setUint16(6, header.thread, true);
  view.setUint32(8, header.events, true);
  view.setFloat64(12, header.firstTime, true);
  view.setUint32(20, header.rawBytes, true);
  view.setUint32(24, body.length, true);
  bytes.set(body, chunkHeaderBytes);
  view.setUint32(28, crc32(body, crc32(bytes.subarray(0, 28))), true);
  return bytes;
}

export type ReadChunk =
  | {
      readonly kind: "whole";
      readonly header: ChunkHeader;
      readonly body: Uint8Array;
      readonly next: number;
    }
  /** `next` is where the chunk would end if its header is right. */
  | { readonly kind: "unknown"; readonly code: number; readonly next: number }
  | { readonly kind: "cut" }
  /** `checked` bytes were summed to find that out. */
  | { readonly kind: "damaged"; readonly checked: number };

/** Reads the chunk that starts at `at`. */
export function readChunk(bytes: Uint8Array, at: number): ReadChunk {
  if (bytes.length - at < chunkHeaderBytes) return { kind: "cut" };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, chunkHeaderBytes);
  const storedBytes = view.getUint32(24, true);
  const rawBytes = view.getUint32(20, true);
  if (view.getUint32(0, true) !== chunkMark) return { kind: "damaged", checked: 0 };
  if (storedBytes > largestChunk || rawBytes > largestChunk) return { kind: "damaged", checked: 0 };
  const next = at + chunkHeaderBytes + storedBytes;
  if (next > bytes.length) return { kind: "cut" };
  const body = bytes.subarray(at + chunkHeaderBytes, next);
  const expected = crc32(body, crc32(bytes.subarray(at, at + 28)));
  if (view.getUint32(28, true) !== expected) {
    return { kind: "damaged", checked: body.length };
  }
  const code = view.getUint8(4);
  const kind = chunkKinds[code];
  if (kind === undefined) return { kind: "unknown", code, next };
  const header: ChunkHeader = {
    kind,
    codec: view.getUint8(5),
    thread: view.getUint16(6, true),
    events: view.getUint32(8, true),
    firstTime: view.getFloat64(12, true),
    rawBytes,
    storedBytes,
  };
  return { kind: "whole", header, body, next };
}

/** The kind and the length of the chunk whose header these bytes begin with; undefined when it can't be one's. */
export function chunkSpan(
  bytes: Uint8Array,
): { readonly code: number; readonly bytes: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, chunkHeaderBytes);
  const storedBytes = view.getUint32(24, true);
  if (view.getUint32(0, true) !== chunkMark || storedBytes > largestChunk) return undefined;
  return { code: view.getUint8(4), bytes: chunkHeaderBytes + storedBytes };
}

/** Where the next chunk may start after damage, or -1. */
export function findChunk(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 4 <= bytes.length; at++) {
    if (
      bytes[at] === (chunkMark & 0xff) &&
      bytes[at + 1] === ((chunkMark >>> 8) & 0xff) &&
      bytes[at + 2] === ((chunkMark >>> 16) & 0xff) &&
      bytes[at + 3] === chunkMark >>> 24
    ) {
      return at;
    }
  }
  return -1;
}
