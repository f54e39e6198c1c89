// Settled slots on their way back to whoever submitted them: a stack per submitter, pushed by any pool thread, taken whole
// by the submitter. Taking all at once leaves no room for the ABA mistake. Whoever pushes rings the doorbell afterwards.

import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { slotField, submitterField } from "./memory-fields.ts";
import type { PoolMemory } from "./pool-memory.ts";

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

/**
 * Called before ringDoorbell by a thread that may settle further events within the next 0.1 ms without ringing for them: the
 * submitter is to look by itself after that. Pairs with takeUnrung.
 */
export function announceUnrung(memory: PoolMemory, submitter: number): void {
  step("store", "unrung", submitter);
  Atomics.store(memory.words, memory.submitter(submitter, submitterField.unrung), 1);
}

/**
 * Asked by the submitter when it has set its flag that it sleeps: here the flag is set, then this is read; there this is written,
 * then the flag is read. So it is seen here, or the doorbell rings, and this is asked again.
 */
export function takeUnrung(memory: PoolMemory, submitter: number): boolean {
  const word = memory.submitter(submitter, submitterField.unrung);
  step("load", "unrung", submitter);
  if (Atomics.load(memory.words, word) === 0) return false;
  step("exchange", "unrung", submitter);
  return Atomics.exchange(memory.words, word, 0) === 1;
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
