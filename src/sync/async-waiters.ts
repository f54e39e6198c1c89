// Turns that wait for a lock inside their thread's event loop. They sleep on a word of their thread, apart from the threads
// that block on the lock's own word: a wake that went to such a turn could lie there for as long as its thread is blocked
// elsewhere, while others sleep beside a free lock. So a release wakes one blocked thread, which is sure to come, and one turn
// of each thread that has some, whichever comes first.

import { threadField, type LockTable } from "./lock-table.ts";
import type { Sleep, Owner } from "./lock-strategy.ts";
import { step } from "./step.ts";
import { waits } from "./waits.ts";

/** Called by the waiting turn's thread, before it looks at the lock. */
export function enterAsync(table: LockTable, lock: number, thread: number): void {
  step("add", "queued", thread);
  Atomics.add(table.words, table.ofThread(lock, thread, threadField.queued), 1);
}

export function leaveAsync(table: LockTable, lock: number, thread: number): void {
  step("add", "queued", thread);
  Atomics.sub(table.words, table.ofThread(lock, thread, threadField.queued), 1);
}

/** To be read before the last look at the lock. */
export function asyncWakeWord(table: LockTable, lock: number, thread: number): number {
  step("load", "queue-wake", thread);
  return Atomics.load(table.words, table.ofThread(lock, thread, threadField.wake));
}

export function asyncSleep(
  table: LockTable,
  lock: number,
  thread: number,
  expected: number,
  owner: Owner,
): Sleep {
  return { index: table.ofThread(lock, thread, threadField.wake), expected, owner };
}

/** After the lock was given back. Pairs with enterAsync: either this sees the turn, or the turn finds the lock free. */
export function wakeAsync(table: LockTable, lock: number): void {
  for (let thread = 0; thread < table.threads; thread++) {
    step("load", "queued", thread);
    if (Atomics.load(table.words, table.ofThread(lock, thread, threadField.queued)) !== 0) {
      wakeQueued(table, lock, thread, 1);
    }
  }
}

/** Wakes up to `count` of the thread's waiters. The word changes before the notify, so that no wake is lost. */
export function wakeQueued(table: LockTable, lock: number, thread: number, count: number): void {
  const wake = table.ofThread(lock, thread, threadField.wake);
  step("add", "queue-wake", thread);
  Atomics.add(table.words, wake, 1);
  step("notify", "queue-wake", thread);
  waits.notify(table.words, wake, count);
}
