// Named locks in shared memory, the only file that knows where their words are. A name is found by open addressing; an
// entry is claimed by compare-and-swap, filled, then published, and is never removed.
//
//   wait-for words:   ticket counter | per thread  what it waits for | ticket
//   entry, 32 words:  claim | name length | name, 14 words (56 bytes) | the lock's fields (lockField)
//   thread words:     per thread and lock, 8 words (threadField); a thread's stand together, so that it alone writes its lines

import { step } from "./step.ts";

const entryWords = 32;
const nameBytes = 56;
const claimFree = 0;
const claimWriting = 1;
const claimReady = 2;
export const waitForThreads = 512;
const entriesAt = waitForThreads * 2 + 16;
const threadWords = 8;

/** Offsets within a lock's entry. The lock's state is on the second cache line. */
export const lockField = {
  word: 16,
  turn: 17,
  acquisition: 18,
  waiters: 19,
  site: 20,
  abandoned: 21,
  kind: 22,
  /** What all users of the lock must agree on: fairness, permits, parties. */
  setting: 23,
  /** Wakes a writer that waits for the readers to leave. */
  drained: 24,
  /** The fair lock's last ticket; the condition's last pick; the barrier's last broken generation. */
  counter: 25,
} as const;

/** Words of one thread for one lock. */
export const threadField = {
  /** Nonzero while turns of this thread wait for the exclusive side; what it holds is the strategy's own. */
  queued: 0,
  wake: 1,
  /** Grants: see thread-grants.ts. */
  grants: 2,
  grantWake: 3,
  readAcquisition: 4,
  /** This thread's part of the lock's waiters. */
  waiting: 5,
} as const;

export const lockKinds = ["mutex", "rwlock", "semaphore", "condition", "barrier"] as const;
export type LockKind = (typeof lockKinds)[number];

export interface LockSetup {
  readonly kind: LockKind;
  /** Undefined: as whoever was first made it. */
  readonly setting?: number;
  /** The lock's word before anybody uses it. */
  readonly word?: number;
}

const plainMutex: LockSetup = { kind: "mutex" };

export function lockTableWords(capacity: number, threads: number): number {
  return entriesAt + capacity * entryWords + capacity * threads * threadWords;
}

export class LockTable {
  readonly words: Int32Array;
  readonly capacity: number;
  /** Threads are numbered from 0 to below this. */
  readonly threads: number;
  readonly #offset: number;
  readonly #bytes: Uint8Array;

  constructor(words: Int32Array, offset: number, capacity: number, threads: number) {
    this.words = words;
    this.capacity = capacity;
    this.threads = threads;
    this.#offset = offset;
    this.#bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  }

  /** Index in `words` of one of a lock's fields. */
  field(lock: number, field: number): number {
    return this.#entry(lock) + field;
  }

  /** Index in `words` of one thread's word for one lock (threadField). */
  ofThread(lock: number, thread: number, field: number): number {
    const pair = thread * this.capacity + lock;
    return this.#offset + entriesAt + this.capacity * entryWords + pair * threadWords + field;
  }

  /** Index in `words` of what this thread waits for (see wait-for.ts); the ticket is beside it. */
  waitsFor(thread: number): number {
    return this.#offset + 16 + thread * 2;
  }

  get ticketCounter(): number {
    return this.#offset;
  }

  /**
   * The lock of that name, made when first asked for. Throws when the name is too long, the table is full, or the name was
   * given to another kind of lock or one with another setting.
   */
  indexOf(name: string, setup: LockSetup = plainMutex): number {
    const bytes = utf8Of(name);
    if (bytes.length === 0 || bytes.length > nameBytes) {
      throw new RangeError(`A lock's name has 1 to ${nameBytes} bytes in UTF-8, not "${name}".`);
    }
    const start = hash(bytes) % this.capacity;
    for (let probe = 0; probe < this.capacity; probe++) {
      const lock = (start + probe) % this.capacity;
      if (!this.#isOrBecomes(lock, bytes, setup)) continue;
      this.#agree(lock, name, setup);
      return lock;
    }
    throw new RangeError(`More than ${this.capacity} different lock names are in use.`);
  }

  /** Undefined for an entry that is not in use. */
  nameOf(lock: number): string | undefined {
    step("load", "lock-name", lock);
    if (Atomics.load(this.words, this.#entry(lock)) !== claimReady) return undefined;
    const from = (this.#entry(lock) + 2) * 4;
    const length = this.words[this.#entry(lock) + 1] ?? 0;
    return textOf(this.#bytes.subarray(from, from + length));
  }

  kindOf(lock: number): LockKind {
    return lockKinds[this.words[this.field(lock, lockField.kind)] ?? 0] ?? "mutex";
  }

  settingOf(lock: number): number {
    return this.words[this.field(lock, lockField.setting)] ?? 0;
  }

  #agree(lock: number, name: string, { kind, setting }: LockSetup): void {
    const known = this.kindOf(lock);
    if (known !== kind) {
      throw new TypeError(`"${name}" is a ${known} already; give the ${kind} another name.`);
    }
    if (setting === undefined || setting === this.settingOf(lock)) return;
    throw new TypeError(
      `The ${kind} "${name}" was first asked for with ${this.settingOf(lock)}, now with ${setting}; ` +
        "give the same everywhere.",
    );
  }

  #entry(lock: number): number {
    return this.#offset + entriesAt + lock * entryWords;
  }

  #isOrBecomes(lock: number, bytes: Uint8Array, setup: LockSetup): boolean {
    const claim = this.#entry(lock);
    step("compare-exchange", "lock-name", lock);
    const seen = Atomics.compareExchange(this.words, claim, claimFree, claimWriting);
    if (seen === claimFree) {
      this.#write(lock, bytes, setup);
      return true;
    }
    // Another thread is writing the name: a few stores, in which no thread can be ended, so this is short.
    while (Atomics.load(this.words, claim) === claimWriting);
    return this.#hasName(lock, bytes);
  }

  #write(lock: number, bytes: Uint8Array, { kind, setting = 0, word = 0 }: LockSetup): void {
    const entry = this.#entry(lock);
    this.words[entry + lockField.kind] = lockKinds.indexOf(kind);
    this.words[entry + lockField.setting] = setting;
    this.words[entry + lockField.word] = word;
    this.words[entry + 1] = bytes.length;
    this.#bytes.set(bytes, (entry + 2) * 4);
    // Publishes the entry: pairs with the loads in #isOrBecomes and nameOf. No step may stand between claim and here.
    Atomics.store(this.words, entry, claimReady);
  }

  #hasName(lock: number, bytes: Uint8Array): boolean {
    const entry = this.#entry(lock);
    if (this.words[entry + 1] !== bytes.length) return false;
    return bytes.every((byte, index) => this.#bytes[(entry + 2) * 4 + index] === byte);
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

// TextEncoder is no part of the language itself, and this module has no host.
function utf8Of(text: string): Uint8Array {
  const bytes: number[] = [];
  const escaped = encodeURIComponent(text);
  for (let at = 0; at < escaped.length; at++) {
    if (escaped[at] === "%") {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(escaped.charCodeAt(at));
  }
  return Uint8Array.from(bytes);
}

function textOf(bytes: Uint8Array): string {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`);
  return decodeURIComponent(escaped.join(""));
}
