// The seal: a run's last chunk, by which the installation that recorded it knows its own trace again. Its code is an HMAC over
// the file's first bytes and all chunks but those of events, in their order: header, tables and footer, as they lie in the file.
// Who has the key, and what a trace may do without a seal, is the session's to say. The session writes it, decode looks for it.

import {
  chunkKinds,
  chunkSpan,
  chunkHeaderBytes,
  codecNone,
  fileHeaderBytes,
  writeChunk,
  type ReadChunk,
} from "./format.ts";

/** As decode met it; offsets into the file. */
export interface FoundSeal {
  /** Start and end, in turn, of the stretches that a seal is over. Neighbours are one stretch. */
  readonly covered: readonly number[];
  /** Where the seal begins: the one seal of the file, which ends with it. Undefined when there is no such seal. */
  readonly at: number | undefined;
}

/** All of its bytes follow from the code: a reader that knows the code compares the whole chunk. */
export function sealChunk(code: Uint8Array): Uint8Array {
  const rawBytes = code.length;
  const plain = { codec: codecNone, thread: 0, events: 0, firstTime: 0, rawBytes };
  return writeChunk({ kind: "seal", ...plain }, code);
}

function isCovered(kind: string | undefined): boolean {
  return kind !== "events" && kind !== "seal";
}

/** Looks for the seal while a file is read from its beginning to its end. */
export class SealSearch {
  readonly #covered: number[] = [];
  #seals = 0;
  #sealAt = 0;
  #sealEnd = 0;
  /** Of the chunk before. */
  #end = 0;

  /** Each chunk that is read. What lies between them, as damage does, was never sealed, and breaks the seal. */
  see(at: number, chunk: Extract<ReadChunk, { readonly next: number }>): void {
    const kind = chunk.kind === "whole" ? chunk.header.kind : undefined;
    if (this.#end < at) this.#cover(this.#end, at);
    if (isCovered(kind)) this.#cover(at, chunk.next);
    if (kind === "seal") {
      this.#seals++;
      this.#sealAt = at;
      this.#sealEnd = chunk.next;
    }
    this.#end = chunk.next;
  }

  found(fileBytes: number): FoundSeal {
    const isLast = this.#seals === 1 && this.#sealEnd === fileBytes;
    return { covered: this.#covered, at: isLast ? this.#sealAt : undefined };
  }

  #cover(start: number, end: number): void {
    if (this.#covered.at(-1) === start) this.#covered.pop();
    else this.#covered.push(start);
    this.#covered.push(end);
  }
}

/** Picks what a seal is over out of a file's bytes as they come, in pieces of any size. */
export class SealCover {
  readonly #add: (bytes: Uint8Array) => void;
  /** Of the chunk in hand: all of it where the seal is over it, else its first bytes. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #wanted = fileHeaderBytes;
  #state: "file" | "chunk" | "body" | "broken" = "file";
  #isKept = true;
  #wholeBytes = 0;

  constructor(add: (bytes: Uint8Array) => void) {
    this.#add = add;
  }

  /** Up to the end of the last whole chunk; undefined when the bytes are no chunks, so that nothing can be sealed. */
  get wholeBytes(): number | undefined {
    return this.#state === "broken" ? undefined : this.#wholeBytes;
  }

  take(piece: Uint8Array): void {
    for (let rest = piece; rest.length > 0 && this.#state !== "broken";) {
      const part = rest.subarray(0, this.#wanted - this.#heldBytes);
      if (this.#isKept) this.#held.push(part);
      this.#heldBytes += part.length;
      rest = rest.subarray(part.length);
      if (this.#heldBytes === this.#wanted) this.#complete();
    }
  }

  #complete(): void {
    if (this.#state === "chunk") this.#beginBody();
    if (this.#heldBytes !== this.#wanted || this.#state === "broken") return;
    if (this.#isKept) for (const each of this.#held) this.#add(each);
    this.#wholeBytes += this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
    this.#wanted = chunkHeaderBytes;
    this.#state = "chunk";
    this.#isKept = true;
  }

  #beginBody(): void {
    const span = chunkSpan(joined(this.#held));
    if (span === undefined) {
      this.#state = "broken";
      return;
    }
    this.#state = "body";
    this.#wanted = span.bytes;
    this.#isKept = isCovered(chunkKinds[span.code]);
    if (!this.#isKept) this.#held = [];
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
