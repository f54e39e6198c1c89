// The word of a lock with one owner: the owner's thread plus one, a bit that says that somebody waits, and one that says that
// the lock was handed to that thread and waits to be picked up. So a failed compare-exchange tells who holds the lock, and a
// dead owner can be recognised.

import { lockField, type LockTable } from "./lock-table.ts";
import type { Owner } from "./lock-strategy.ts";
import { step } from "./step.ts";

export const waitersBit = 1 << 30;
export const handedBit = 1 << 29;
const ownerMask = handedBit - 1;

/** -1 for nobody. */
export function ownerIn(word: number): number {
  return (word & ownerMask) - 1;
}

export class OwnerWord {
  readonly table: LockTable;
  readonly lock: number;
  readonly thread: number;
  readonly index: number;

  constructor(table: LockTable, lock: number, thread: number) {
    this.table = table;
    this.lock = lock;
    this.thread = thread;
    this.index = table.field(lock, lockField.word);
  }

  /** A glance without a step: only a hint. */
  looksFree(): boolean {
    return (this.table.words[this.index] ?? 0) === 0;
  }

  load(): number {
    step("load", "lock", this.lock);
    return Atomics.load(this.table.words, this.index);
  }

  /** Only this thread makes it so, and what was handed to it any of its turns may pick up. */
  isOurs(): boolean {
    const word = this.load();
    return ownerIn(word) === this.thread && (word & handedBit) === 0;
  }

  /** True when the word was `seen` and is `next` now. Pairs with itself in every other thread. */
  change(seen: number, next: number): boolean {
    step("compare-exchange", "lock", this.lock);
    return Atomics.compareExchange(this.table.words, this.index, seen, next) === seen;
  }

  /** The word that was there: 0 when the lock is ours now. `bits` are kept in the word that is written. */
  tryTake(bits: number): number {
    step("compare-exchange", "lock", this.lock);
    // Pairs with the release: what the last owner wrote is visible to us from here on.
    return Atomics.compareExchange(this.table.words, this.index, 0, (this.thread + 1) | bits);
  }

  /** Sets the waiters' bit on the owner's word and returns it, or takes the lock and returns undefined. */
  takeOrMark(): number | undefined {
    for (;;) {
      // Taken with the bit set: others may wait still, and only the owner's release wakes the next of them.
      const seen = this.tryTake(waitersBit);
      if (seen === 0) return undefined;
      const marked = seen | waitersBit;
      if (seen === marked || this.change(seen, marked)) return marked;
    }
  }

  owner(word: number): Owner {
    const acquisition = this.table.words[this.table.field(this.lock, lockField.acquisition)] ?? 0;
    return { thread: ownerIn(word), acquisition };
  }
}
