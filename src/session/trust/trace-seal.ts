// The code in a trace's seal: made while a run is recorded, checked when the trace is read. See trace/seal.ts for what it is over.

import { createHash, createHmac, timingSafeEqual, type Hash, type Hmac } from "node:crypto";
import { SealCover, sealChunk, type FoundSeal } from "../../trace/seal.ts";

/** So that a code which this key made for another purpose is none of a trace. */
const purpose = "poolscope trace seal 1\n";

/** The end of a trace that is to be sealed. */
export interface SealedEnd {
  /** Bytes of the file that stay: up to its last whole chunk, since behind anything less the seal could not be told. */
  readonly wholeBytes: number;
  /** What comes behind them. */
  readonly chunk: Uint8Array;
}

/** Takes a trace's bytes as they are written. */
export class SealWriter {
  readonly #code: Hmac;
  readonly #cover: SealCover;

  constructor(key: Uint8Array) {
    this.#code = newCode(key);
    this.#cover = new SealCover((bytes) => void this.#code.update(bytes));
  }

  take(bytes: Uint8Array): void {
    this.#cover.take(bytes);
  }

  /** Called once, when nothing more comes. Undefined when there is nothing that a seal could be over. */
  end(): SealedEnd | undefined {
    const { wholeBytes = 0 } = this.#cover;
    if (wholeBytes === 0) return undefined;
    return { wholeBytes, chunk: sealChunk(this.#code.digest()) };
  }
}

/** Whether this key made the seal, compared in constant time. */
export function isSealedBy(
  key: Uint8Array,
  bytes: Uint8Array,
  { covered, at }: FoundSeal,
): boolean {
  if (at === undefined) return false;
  const expected = sealChunk(updated(newCode(key), bytes, covered).digest());
  const found = bytes.subarray(at);
  return found.length === expected.length && timingSafeEqual(found, expected);
}

/** SHA-256 of what a seal is over, with or without one: what a person agrees to when they let a trace's sources run. */
export function contentOf(bytes: Uint8Array, { covered }: FoundSeal): string {
  return updated(createHash("sha256"), bytes, covered).digest("hex");
}

function newCode(key: Uint8Array): Hmac {
  return createHmac("sha256", key).update(purpose);
}

function updated<Sum extends Hash | Hmac>(
  sum: Sum,
  bytes: Uint8Array,
  covered: readonly number[],
): Sum {
  for (let index = 0; index < covered.length; index += 2) {
    sum.update(bytes.subarray(covered[index], covered[index + 1]));
  }
  return sum;
}
