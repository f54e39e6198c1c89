// How many events were accepted and how each ended, over all submitters: counters in shared memory, read by anyone.

import { step } from "../sync/step.ts";
import { outcomes, type Outcome } from "../trace/outcome.ts";
import { hot, type PoolMemory } from "./pool-memory.ts";

export interface PoolCounts {
  readonly submitted: number;
  /** Events that have their outcome, whichever. */
  readonly settled: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly shed: number;
}

export function countSubmitted(memory: PoolMemory): void {
  step("add", "counts", 0);
  Atomics.add(memory.words, hot.counts, 1);
}

export function countOutcome(memory: PoolMemory, outcome: Outcome): void {
  const index = 1 + outcomes.indexOf(outcome);
  step("add", "counts", index);
  Atomics.add(memory.words, hot.counts + index, 1);
}

export function readCounts(memory: PoolMemory): PoolCounts {
  const of = (outcome: Outcome): number =>
    Atomics.load(memory.words, hot.counts + 1 + outcomes.indexOf(outcome));
  const submitted = Atomics.load(memory.words, hot.counts);
  const settled = outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  return {
    submitted,
    settled,
    failed: of("failed") + of("dead-lettered"),
    cancelled: of("cancelled"),
    shed: of("shed"),
  };
}
