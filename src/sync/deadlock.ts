// Looks, before a thread blocks, whether its wait would close a cycle: I wait for a lock, whose owner waits for a lock,
// whose owner ... is me. Each thread publishes what it waits for with a ticket (wait-for.ts); of a cycle's threads the one
// with the newest ticket saw all the others' marks, so that one is refused and the rest may go on. (A thread that has not drawn
// its ticket yet is taken for older: two may be refused then, never none.)

import type { LockTable } from "./lock-table.ts";
import { ownersOf, waitOf } from "./wait-for.ts";

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

/** The locks of the cycle that this thread's published wait closes, when this thread is the one to be refused. */
export function closesCycle(table: LockTable, thread: number): string[] | undefined {
  const first = search(table, thread);
  if (first === undefined) return undefined;
  // Seen twice alike: owners and waits that moved in between were no cycle.
  if (search(table, thread)?.join() !== first.join()) return undefined;
  return first.map((each) => table.nameOf(each) ?? "?");
}

function search(table: LockTable, me: number): number[] | undefined {
  const mine = waitOf(table, me)?.ticket ?? 0;
  const seen = new Set<number>();
  const locks: number[] = [];
  const leadsBack = (thread: number): boolean => {
    const wait = waitOf(table, thread);
    // A cycle over a newer wait is that thread's to refuse.
    if (wait === undefined || (wait.ticket !== 0 && ((wait.ticket - mine) | 0) > 0)) return false;
    locks.push(wait.lock);
    for (const owner of ownersOf(table, thread, wait)) {
      if (owner === me) return true;
      if (seen.has(owner)) continue;
      seen.add(owner);
      if (leadsBack(owner)) return true;
    }
    locks.pop();
    return false;
  };
  return leadsBack(me) ? locks : undefined;
}
