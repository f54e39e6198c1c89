// What is done to the locks after a thread's death, by the supervisor once its exit is certain. Running it twice changes
// nothing more.

import { ownerMask } from "./deadlock.ts";
import { lockField, type LockTable } from "./lock-table.ts";
import { step } from "./step.ts";
import { waits } from "./waits.ts";

/** Frees what the thread held, marked as abandoned, and returns those locks. */
export function recoverLocks(table: LockTable, thread: number): number[] {
  const { words } = table;
  const abandoned: number[] = [];
  step("store", "waits-for", thread);
  Atomics.store(words, table.waitsFor(thread), 0);
  for (let lock = 0; lock < table.capacity; lock++) {
    if (table.nameOf(lock) === undefined) continue;
    const word = table.field(lock, lockField.word);
    step("load", "lock", lock);
    if ((Atomics.load(words, word) & ownerMask) - 1 === thread) {
      words[table.field(lock, lockField.abandoned)] = thread + 1;
      step("exchange", "lock", lock);
      // Pairs with the next owner's compare-exchange: the mark is visible to it.
      Atomics.exchange(words, word, 0);
      abandoned.push(lock);
    }
    // A death between unlock and notify leaves a waiter asleep: one wake each; whoever wakes looks again. All of them, since
    // the waiters' bit may have gone with the dead owner's word.
    step("notify", "lock", lock);
    waits.notify(words, word, Infinity);
  }
  return abandoned;
}
