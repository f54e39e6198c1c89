// Numbers that all threads of a pool agree on for things that are first met at run time: call sites outside the marked
// text, words that handlers wait on by themselves. An entry is found by a 64-bit key, claimed by compare-and-swap, and never
// removed; beside its number it has a few words that its users share.
//
//   entry, 8 words:  key low (never 0) | key high | number + 1 | count | thread + 1 | site | in use | -

import { step } from "../../sync/step.ts";

export const sharedIdEntries = 2048;
const entryWords = 8;
export const sharedIdWords: number = sharedIdEntries * entryWords;

/** Offsets within an entry of the words that its users share. */
export const sharedIdField = { count: 3, thread: 4, site: 5, inUse: 6 } as const;

const probesAllowed = 64;
/** Publishing takes a few stores. A thread that was ended within them never does, and its key stays unknown. */
const looksAllowed = 10_000;

export interface SharedId {
  readonly number: number;
  /** Index in `words` of the entry. */
  readonly at: number;
  /** True for the one thread that made it: it tells what the number stands for. */
  readonly isNew: boolean;
}

export interface Key {
  readonly low: number;
  readonly high: number;
}

export class SharedIds {
  readonly words: Int32Array;
  readonly #offset: number;

  constructor(words: Int32Array, offset: number) {
    this.words = words;
    this.#offset = offset;
  }

  /** `counter` is the word that numbers are drawn from. Undefined when the table is full around this key. */
  claim(key: Key, counter: number): SharedId | undefined {
    const { words } = this;
    for (let probe = 0; probe < probesAllowed; probe++) {
      const at = this.#entry(key, probe);
      step("compare-exchange", "shared-id", at);
      const seen = Atomics.compareExchange(words, at, 0, key.low);
      if (seen === 0) {
        words[at + 1] = key.high;
        const number = Atomics.add(words, counter, 1);
        // Publishes the number and the key's other half: pairs with the load in #published.
        Atomics.store(words, at + 2, number + 1);
        return { number, at, isNew: true };
      }
      if (seen !== key.low) continue;
      const number = this.#published(at);
      if (number === undefined) return undefined;
      if (words[at + 1] === key.high) return { number, at, isNew: false };
    }
    return undefined;
  }

  /** An entry that some thread has claimed already; -1 when none has. */
  find(key: Key): number {
    const { words } = this;
    for (let probe = 0; probe < probesAllowed; probe++) {
      const at = this.#entry(key, probe);
      const low = words[at] ?? 0;
      if (low === 0) return -1;
      if (low === key.low && words[at + 1] === key.high && words[at + 2] !== 0) return at;
    }
    return -1;
  }

  /** The number of an entry that `find` returned. */
  numberAt(at: number): number {
    return (this.words[at + 2] ?? 0) - 1;
  }

  #entry({ low, high }: Key, probe: number): number {
    const start = (low ^ Math.imul(high, 0x9e3779b1)) >>> 0;
    return this.#offset + ((start + probe) % sharedIdEntries) * entryWords;
  }

  #published(at: number): number | undefined {
    for (let look = 0; look < looksAllowed; look++) {
      const number = Atomics.load(this.words, at + 2);
      if (number !== 0) return number - 1;
    }
    return undefined;
  }
}

export function keyOfText(text: string): Key {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return { low: low === 0 ? 1 : low, high };
}
