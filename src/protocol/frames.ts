// Frames on a byte pipe: four bytes of length, little-endian, then so many bytes.

const longest = 16 * 1024 * 1024;

export function frame(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length, true);
  bytes.set(body, 4);
  return bytes;
}

/** Puts frames together from pieces of any size. Throws on a length beyond 16 MB: the pipe does not carry frames. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Bytes that must be here before it is worth looking again: pieces are joined once a frame, not once a piece. */
  #wanted = 4;

  /** The frames that are whole now, each in memory of its own. */
  take(piece: Uint8Array): Uint8Array<ArrayBuffer>[] {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const length = this.#nextLength();
      if (length === undefined || this.#bytes < 4 + length) return frames;
      frames.push(this.#cut(4, 4 + length));
    }
  }

  #nextLength(): number | undefined {
    if (this.#bytes < this.#wanted) return undefined;
    const all = this.#joined();
    const length = new DataView(all.buffer, all.byteOffset, 4).getUint32(0, true);
    if (length > longest) throw new RangeError(`A frame of ${length} bytes is none.`);
    this.#wanted = 4 + length;
    return length;
  }

  #cut(from: number, to: number): Uint8Array<ArrayBuffer> {
    const all = this.#joined();
    this.#pieces = to === all.length ? [] : [all.subarray(to)];
    this.#bytes = all.length - to;
    this.#wanted = 4;
    // Not slice: a Buffer's slice is a view into memory that is shared.
    return new Uint8Array(all.subarray(from, to));
  }

  #joined(): Uint8Array {
    const [only] = this.#pieces;
    if (this.#pieces.length === 1 && only !== undefined) return only;
    const all = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [all];
    return all;
  }
}
