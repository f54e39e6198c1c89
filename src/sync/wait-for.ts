// Who waits for whom: each thread publishes the lock that it is about to block on, so that others' searches for a deadlock
// see it. One wait a thread, since a blocked thread can't begin another.

import { lockField, threadField, type LockTable } from "./lock-table.ts";
import { handedBit, ownerIn } from "./owner-word.ts";
import { step } from "./step.ts";
import { holdingOf, waitingOf } from "./thread-grants.ts";

export interface Wait {
  readonly lock: number;
  /** As a reader of a reader/writer lock. */
  readonly shared: boolean;
  /** Grows with each wait of any thread; 0 while the thread has not drawn it yet. */
  readonly ticket: number;
}

/**
 * Announces a wait; from here on other threads' searches see it. Shown before the ticket is drawn: whoever draws a later one sees
 * it. The other way round both threads of a cycle could leave it to each other.
 */
export function publishWait(
  table: LockTable,
  thread: number,
  lock: number,
  isShared: boolean,
): void {
  const { words } = table;
  const ticket = table.waitsFor(thread) + 1;
  words[ticket] = 0;
  step("store", "waits-for", thread);
  // Publishes the 0 with the lock: pairs with the load in waitOf.
  Atomics.store(words, table.waitsFor(thread), ((lock + 1) << 1) | Number(isShared));
  step("add", "wait-ticket", thread);
  const drawn = Atomics.add(words, table.ticketCounter, 1) + 1;
  step("store", "wait-ticket", thread);
  Atomics.store(words, ticket, drawn);
}

export function withdrawWait(table: LockTable, thread: number): void {
  step("store", "waits-for", thread);
  Atomics.store(table.words, table.waitsFor(thread), 0);
}

/** Undefined when the thread does not block on a lock. */
export function waitOf(table: LockTable, thread: number): Wait | undefined {
  step("load", "waits-for", thread);
  const word = Atomics.load(table.words, table.waitsFor(thread));
  if (word === 0) return undefined;
  step("load", "wait-ticket", thread);
  const ticket = Atomics.load(table.words, table.waitsFor(thread) + 1);
  return { lock: (word >> 1) - 1, shared: (word & 1) === 1, ticket };
}

/** Whether the thread is blocked on something else, so that its turns that wait for this lock can't run. */
export function isStuckElsewhere(table: LockTable, thread: number, lock: number): boolean {
  step("load", "waits-for", thread);
  const word = Atomics.load(table.words, table.waitsFor(thread));
  return word !== 0 && (word >> 1) - 1 !== lock;
}

/** The threads without which this wait can't end: all of them must let go. */
export function ownersOf(table: LockTable, waiter: number, { lock, shared }: Wait): number[] {
  const { words } = table;
  const kind = table.kindOf(lock);
  if (kind !== "mutex" && kind !== "rwlock") return [];
  if (shared && waitingOf(grantsOf(table, lock, waiter)) === 0) return [];
  step("load", "lock", lock);
  const word = Atomics.load(words, table.field(lock, lockField.word));
  const owner = ownerIn(word);
  // What was handed and not picked up is passed on when its thread blocks elsewhere: see fair-strategy.ts.
  if (owner < 0 || (word & handedBit) !== 0) return [];
  // A writer that has the word waits for the readers to leave.
  return owner === waiter ? readersOf(table, lock) : [owner];
}

/** Threads that hold the reader/writer lock as readers. */
export function readersOf(table: LockTable, lock: number): number[] {
  const readers: number[] = [];
  for (let thread = 0; thread < table.threads; thread++) {
    if (holdingOf(grantsOf(table, lock, thread)) > 0) readers.push(thread);
  }
  return readers;
}

function grantsOf(table: LockTable, lock: number, thread: number): number {
  step("load", "grants", thread);
  return Atomics.load(table.words, table.ofThread(lock, thread, threadField.grants));
}
