// Settled slots on their way back to whoever submitted them: a stack per submitter, pushed by any pool thread, taken whole
// by the submitter. Taking all at once leaves no room for the ABA mistake. Whoever pushes rings the doorbell afterwards.

import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { slotField, submitterField, type PoolMemory } from "./pool-memory.ts";

export const none = -1;

export function pushCompletion(memory: PoolMemory, submitter: number, slot: number): void {
  const { words } = memory;
  const head = memory.submitter(submitter, submitterField.completions);
  const link = memory.slot(slot, slotField.next);
  for (;;) {
    step("load", "completions", submitter);
    const first = Atomics.load(words, head);
    words[link] = first;
    step("compare-exchange", "completions", submitter);
    // Publishes the slot and what its slab holds: pairs with the exchange in takeCompletions.
    if (Atomics.compareExchange(words, head, first, slot) === first) return;
  }
}

/** Wakes the submitter if it sleeps; once per sleep, as the first to clear the flag rings. */
export function ringDoorbell(memory: PoolMemory, submitter: number): void {
  const asleep = memory.submitter(submitter, submitterField.asleep);
  step("load", "asleep", submitter);
  if (Atomics.load(memory.words, asleep) === 0) return;
  step("exchange", "asleep", submitter);
  if (Atomics.exchange(memory.words, asleep, 0) === 0) return;
  const doorbell = memory.submitter(submitter, submitterField.doorbell);
  step("add", "doorbell", submitter);
  Atomics.add(memory.words, doorbell, 1);
  step("notify", "doorbell", submitter);
  waits.notify(memory.words, doorbell, 1);
}

/** Slots in the order in which they settled. Called by the submitter only. */
export function takeCompletions(memory: PoolMemory, submitter: number, into: number[]): void {
  const { words } = memory;
  const head = memory.submitter(submitter, submitterField.completions);
  into.length = 0;
  step("load", "completions", submitter);
  if (Atomics.load(words, head) === none) return;
  step("exchange", "completions", submitter);
  for (let slot = Atomics.exchange(words, head, none); slot !== none;) {
    into.push(slot);
    slot = words[memory.slot(slot, slotField.next)] ?? none;
  }
  into.reverse();
}
