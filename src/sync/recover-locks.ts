// What is done to the locks after a thread's death, by the supervisor once its exit is certain. Running it twice changes
// nothing more.

import { breakFor } from "./barrier.ts";
import { grantAll } from "./condition.ts";
import { wakeQueued } from "./async-waiters.ts";
import { lockField, threadField, type LockTable } from "./lock-table.ts";
import { handedBit, ownerIn } from "./owner-word.ts";
import { step } from "./step.ts";
import { wakeGranted } from "./thread-grants.ts";
import { readersOf, withdrawWait } from "./wait-for.ts";
import { waits } from "./waits.ts";

/** Frees what the thread held, marked as abandoned, and returns those locks. */
export function recoverLocks(table: LockTable, thread: number): number[] {
  const abandoned: number[] = [];
  withdrawWait(table, thread);
  for (let lock = 0; lock < table.capacity; lock++) {
    if (table.nameOf(lock) === undefined) continue;
    const kind = table.kindOf(lock);
    if (kind === "barrier") breakFor(table, lock, thread);
    // Before the owner is looked at: pairs with FairStrategy, which hands over before it looks whether the ticket is still there.
    forgetThread(table, lock, thread);
    if (kind === "condition") grantAll(table, lock);
    const isOwned = kind === "mutex" || kind === "rwlock";
    if (isOwned && freeIfOwned(table, lock, thread)) abandoned.push(lock);
    wakeAll(table, lock);
  }
  return abandoned;
}

/** What it waited for, held as a reader, and took part in. */
function forgetThread(table: LockTable, lock: number, thread: number): void {
  const { words } = table;
  for (const field of [threadField.queued, threadField.grants, threadField.waiting]) {
    step("exchange", "thread-words", thread);
    const before = Atomics.exchange(words, table.ofThread(lock, thread, field), 0);
    if (field !== threadField.waiting || before === 0) continue;
    step("add", "lock-waiters", lock);
    Atomics.sub(words, table.field(lock, lockField.waiters), before);
  }
}

/** True when the dead thread had the lock, not when it was only about to get it. */
function freeIfOwned(table: LockTable, lock: number, thread: number): boolean {
  const { words } = table;
  const index = table.field(lock, lockField.word);
  step("load", "lock", lock);
  const word = Atomics.load(words, index);
  if (ownerIn(word) !== thread) return false;
  // A writer with readers still inside had not begun.
  const had = (word & handedBit) === 0 && readersOf(table, lock).length === 0;
  if (had) words[table.field(lock, lockField.abandoned)] = thread + 1;
  step("exchange", "lock", lock);
  // Pairs with the next owner's compare-exchange: the mark is visible to it.
  Atomics.exchange(words, index, 0);
  return had;
}

/**
 * One wake of everybody: a death between unlock and notify leaves a waiter asleep, and the waiters' bit may have gone with the
 * dead owner's word. Whoever wakes looks again.
 */
function wakeAll(table: LockTable, lock: number): void {
  const { words } = table;
  for (const field of [lockField.word, lockField.drained]) {
    const index = table.field(lock, field);
    if (field === lockField.drained) {
      step("add", "drained", lock);
      Atomics.add(words, index, 1);
    }
    step("notify", "lock", lock);
    waits.notify(words, index, Infinity);
  }
  for (let thread = 0; thread < table.threads; thread++) {
    wakeQueued(table, lock, thread, Infinity);
    wakeGranted(table, lock, thread);
  }
}
