// How many events were accepted and how each ended, over all submitters: counters in shared memory, read by anyone.

import { step } from "../../sync/step.ts";
import { outcomeCode, outcomes, type Outcome } from "../../trace/outcome.ts";
import type { PoolCounts } from "../pool-front.ts";
import { hot, slotField } from "./memory-fields.ts";
import type { PoolMemory } from "./pool-memory.ts";

// A slot's `counted` word says what of it is in the counters already: nothing, the submission, or the outcome too. Whoever
// takes over from a dead thread counts only what is missing. The submitter clears it before the slot is queued.
export const notCounted = 0;
const submissionCounted = 1;
const outcomeCounted = 2;

/** Called by the submitter after the slot is queued, and for a dead one by the supervisor. */
export function countSlotSubmitted(memory: PoolMemory, slot: number): void {
  const word = memory.slot(slot, slotField.counted);
  if (memory.words[word] !== notCounted) return;
  countSubmitted(memory);
  memory.words[word] = submissionCounted;
}

/** Called before the slot is free again. */
export function countSlotOutcome(memory: PoolMemory, slot: number, outcome: Outcome): void {
  const word = memory.slot(slot, slotField.counted);
  if (memory.words[word] === outcomeCounted) return;
  countOutcome(memory, outcome);
  memory.words[word] = outcomeCounted;
}

export function countSubmitted(memory: PoolMemory): void {
  step("add", "counts", 0);
  Atomics.add(memory.words, hot.counts, 1);
}

export function countOutcome(memory: PoolMemory, outcome: Outcome): void {
  const index = 1 + outcomeCode[outcome];
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
    deadLettered: of("dead-lettered"),
  };
}
