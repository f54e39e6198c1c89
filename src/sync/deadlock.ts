// Looks, before a thread blocks, whether its wait would close a cycle: I wait for a lock, whose owner waits for a lock,
// whose owner ... is me. Each thread publishes what it waits for with a ticket; of a cycle's threads the one with the
// newest ticket saw all the others' marks, so exactly that one is refused and the rest may go on.

import { step } from "./step.ts";
import { lockField, type LockTable } from "./lock-table.ts";

export const ownerMask = 0x3fff_ffff;
export const waitersBit = 1 << 30;

/** Name, message and the locks of the cycle in order. */
export class DeadlockError extends Error {
  readonly locks: readonly string[];

  constructor(locks: readonly string[], thread: number) {
    super(
      `Waiting for lock "${locks[0] ?? ""}" would never end: thread ${thread} is part of a cycle over ` +
        `${locks.map((lock) => `"${lock}"`).join(", ")}. Take these locks in one order everywhere.`,
    );
    this.name = "DeadlockError";
    this.locks = locks;
  }
}

/** Announces a wait; from here on other threads' searches see it. */
export function publishWait(table: LockTable, thread: number, lock: number): void {
  const { words } = table;
  step("add", "wait-ticket", thread);
  words[table.waitsFor(thread) + 1] = Atomics.add(words, table.ticketCounter, 1);
  step("store", "waits-for", thread);
  // Publishes the ticket with the lock: pairs with the load in walk.
  Atomics.store(words, table.waitsFor(thread), lock + 1);
}

export function withdrawWait(table: LockTable, thread: number): void {
  step("store", "waits-for", thread);
  Atomics.store(table.words, table.waitsFor(thread), 0);
}

interface Cycle {
  readonly locks: readonly number[];
  readonly isNewest: boolean;
}

/** The locks of the cycle that this published wait closes, when this thread is the one to be refused. */
export function closesCycle(table: LockTable, thread: number, lock: number): string[] | undefined {
  const first = walk(table, thread, lock);
  if (first === undefined || !first.isNewest) return undefined;
  // Seen twice alike: owners and waits that moved in between were no cycle.
  const second = walk(table, thread, lock);
  if (second === undefined || second.locks.join() !== first.locks.join()) return undefined;
  return first.locks.map((each) => table.nameOf(each) ?? "?");
}

function walk(table: LockTable, thread: number, lock: number): Cycle | undefined {
  const { words } = table;
  const mine = words[table.waitsFor(thread) + 1] ?? 0;
  const locks: number[] = [];
  let isNewest = true;
  for (let next = lock; !locks.includes(next);) {
    locks.push(next);
    step("load", "lock", next);
    const owner = (Atomics.load(words, table.field(next, lockField.word)) & ownerMask) - 1;
    if (owner === thread) return { locks, isNewest };
    if (owner < 0) return undefined;
    step("load", "waits-for", owner);
    const waited = Atomics.load(words, table.waitsFor(owner));
    if (waited === 0) return undefined;
    if ((((words[table.waitsFor(owner) + 1] ?? 0) - mine) | 0) > 0) isNewest = false;
    next = waited - 1;
  }
  return undefined;
}
