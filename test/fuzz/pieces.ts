// A trace's file as its chunks, their bodies inflated, and back: what is changed in between has a right checksum again.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import {
  codecDeflate,
  fileHeader,
  fileHeaderBytes,
  readChunk,
  writeChunk,
  type ChunkHeader,
} from "../../src/trace/format.ts";

export interface Piece {
  readonly header: Omit<ChunkHeader, "storedBytes">;
  readonly raw: Uint8Array;
  /** Where compressing it again would take long. */
  readonly stored?: Uint8Array;
}

export function piecesOf(bytes: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  for (let at = fileHeaderBytes; at < bytes.length;) {
    const chunk = readChunk(bytes, at);
    if (chunk.kind !== "whole") throw new Error(`a seed has a ${chunk.kind} chunk at ${at}`);
    const { header, body } = chunk;
    pieces.push({ header, raw: header.codec === codecDeflate ? inflateRawSync(body) : body });
    at = chunk.next;
  }
  return pieces;
}

export function fileOf(pieces: readonly Piece[]): Uint8Array {
  const chunks = pieces.map(({ header, raw, stored }) => {
    if (header.codec !== codecDeflate) return writeChunk(header, raw);
    return writeChunk(header, stored ?? deflateRawSync(raw, { level: 1 }));
  });
  return Buffer.concat([fileHeader(), ...chunks]);
}

/** The same chunk with another body. */
export function withRaw({ header }: Piece, raw: Uint8Array): Piece {
  return { header: { ...header, rawBytes: raw.length }, raw };
}
