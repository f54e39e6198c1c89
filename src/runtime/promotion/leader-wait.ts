// How a leader waits for an event: it spins for a short while, then sleeps.

import { step } from "../../sync/step.ts";
import { setField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { SpinBudget } from "./spin-budget.ts";

export const leaderSpinNanos = 50_000n;

/** True as soon as `found` is; false when the budget is used up, or allows none just now. */
export function spin(budget: SpinBudget, found: () => boolean): boolean {
  const until = budget.until();
  if (until === undefined) return false;
  do {
    for (let look = 0; look < 8; look++) if (found()) return budget.ended(true);
  } while (process.hrtime.bigint() < until);
  return budget.ended(false);
}

/**
 * Announces that the leader is about to sleep. Afterwards the leader looks at the rings once more before it waits: pairs
 * with Submitter's look at the flag after its push, so that one of the two always sees the other.
 */
export function announceSleep(memory: PoolMemory, set: number, seat: number): void {
  step("store", "leader-asleep", set);
  Atomics.store(memory.words, memory.set(set, setField.leaderAsleep), seat + 1);
}

/**
 * Announces that the leader sleeps, looks once more, and blocks: not where its event loop has
 * something alive.
 */
export function sleepAsLeader(
  memory: PoolMemory,
  set: number,
  seat: number,
  looksReady: () => boolean,
  block: () => void,
): void {
  announceSleep(memory, set, seat);
  if (!looksReady()) block();
  takeBackSleep(memory, set, seat);
}

/** True when the seat slept as the set's leader and nobody has woken it: the caller is to, unless it is the seat itself. */
export function takeBackSleep(memory: PoolMemory, set: number, seat: number): boolean {
  const word = memory.set(set, setField.leaderAsleep);
  step("compare-exchange", "leader-asleep", set);
  return Atomics.compareExchange(memory.words, word, seat + 1, 0) === seat + 1;
}
