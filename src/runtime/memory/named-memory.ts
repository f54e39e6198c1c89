// Named shared memory (`ctx.shared`): the same zeroed bytes for the same name in every thread. The directory is at the
// front of the named memory: a count, then per array name hash, type, length and offset; it is written under a lock of the
// pool's own lock table, so that a thread that dies while it writes leaves a lock that is taken over.

import type { Mutex } from "../handler.ts";

const entryWords = 24;
const nameWords = 16;
const capacity = 256;
const headerWords = 2;
const directoryBytes = (headerWords + capacity * entryWords) * 4;
const alignment = 64;

export interface ArrayConstructorLike<T> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer, offset: number, length: number): T;
}

export class NamedMemory {
  readonly #buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #mutex: Mutex;
  /** Offsets that this thread has looked up before, by name, type and length. */
  readonly #known = new Map<string, number>();

  constructor(buffer: SharedArrayBuffer, mutex: Mutex) {
    this.#buffer = buffer;
    this.#words = new Int32Array(buffer, 0, directoryBytes / 4);
    this.#mutex = mutex;
  }

  /** Throws when the name is taken by another type or length, or when the memory is full. */
  array<T>(name: string, type: ArrayConstructorLike<T>, length: number): T {
    const key = `${type.name} ${length} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return new type(this.#buffer, known, length);
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`ctx.shared("${name}"): a length of ${length} is not allowed.`);
    }
    const bytes = Buffer.from(name, "utf8");
    if (bytes.length === 0 || bytes.length > nameWords * 4 - 1) {
      throw new RangeError(
        `ctx.shared: a name has 1 to ${nameWords * 4 - 1} bytes, not "${name}".`,
      );
    }
    const offset = this.#mutex.run(() => this.#offsetOf(name, bytes, type, length));
    this.#known.set(key, offset);
    return new type(this.#buffer, offset, length);
  }

  #offsetOf(
    name: string,
    bytes: Buffer,
    type: ArrayConstructorLike<unknown>,
    length: number,
  ): number {
    const words = this.#words;
    const count = words[0] ?? 0;
    for (let entry = 0; entry < count; entry++) {
      const at = headerWords + entry * entryWords;
      if (!this.#hasName(at, bytes)) continue;
      this.#checkSame(name, at, type, length);
      return words[at + 2] ?? 0;
    }
    return this.#add(name, bytes, type, length, count);
  }

  #add(
    name: string,
    bytes: Buffer,
    type: ArrayConstructorLike<unknown>,
    length: number,
    count: number,
  ): number {
    const words = this.#words;
    const used = Math.max(words[1] ?? 0, directoryBytes);
    const offset = Math.ceil(used / alignment) * alignment;
    const end = offset + length * type.BYTES_PER_ELEMENT;
    if (count === capacity) throw new RangeError(`ctx.shared: more than ${capacity} arrays.`);
    if (end > this.#buffer.byteLength) {
      throw new RangeError(
        `ctx.shared("${name}"): ${end - offset} bytes do not fit; ` +
          `${this.#buffer.byteLength - offset} are left. Raise sharedBytes.`,
      );
    }
    const at = headerWords + count * entryWords;
    words[at] = typeCode(type.name);
    words[at + 1] = length;
    words[at + 2] = offset;
    words[at + 3] = bytes.length;
    Buffer.from(this.#buffer, (at + 4) * 4, nameWords * 4).set(bytes);
    words[1] = end;
    // Last, so that an entry is counted only when it is whole.
    words[0] = count + 1;
    return offset;
  }

  #hasName(at: number, bytes: Buffer): boolean {
    if (this.#words[at + 3] !== bytes.length) return false;
    return Buffer.from(this.#buffer, (at + 4) * 4, bytes.length).equals(bytes);
  }

  #checkSame(name: string, at: number, type: ArrayConstructorLike<unknown>, length: number): void {
    if (this.#words[at] === typeCode(type.name) && this.#words[at + 1] === length) return;
    const seen = typeNames[this.#words[at] ?? 0] ?? "another type";
    throw new TypeError(
      `ctx.shared("${name}") is a ${seen} of length ${this.#words[at + 1] ?? 0}; ` +
        `here it is asked for as ${type.name} of length ${length}.`,
    );
  }
}

const typeNames: readonly string[] = [
  "Int8Array",
  "Uint8Array",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
];

function typeCode(name: string): number {
  const code = typeNames.indexOf(name);
  if (code === -1) throw new TypeError(`ctx.shared: ${name} is no typed array.`);
  return code;
}
