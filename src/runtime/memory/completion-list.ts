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

// Of short events in a row not each is rung for. A thread announces that, by the moment, and rings; for the next 0.2 ms all threads
// may leave events of this submitter unrung, and when these are over it withdraws the announcement and looks by itself. What is left
// unrung is not lost, whatever the clocks say: it was pushed before the announcement was seen, which stands until it is withdrawn.
const unrungMicros = 200;

/** Called before ringDoorbell. Pairs with announcedUnrung. */
export function announceUnrung(memory: PoolMemory, submitter: number, nowMicros: number): void {
  step("store", "unrung", submitter);
  Atomics.store(memory.words, memory.submitter(submitter, submitterField.unrung), nowMicros | 1);
}

/** Called after the push. */
export function mayStayUnrung(memory: PoolMemory, submitter: number, nowMicros: number): boolean {
  const announced = announcedUnrung(memory, submitter);
  // Clocks of two threads differ by a little.
  return announced !== 0 && Math.abs((nowMicros - announced) | 0) < unrungMicros;
}

/**
 * 0 for none. Asked by the submitter when it has set its flag that it sleeps: here the flag is set, then this is read; there this
 * is written, then the flag is read. So it is seen here, or the doorbell rings, and this is asked again.
 */
export function announcedUnrung(memory: PoolMemory, submitter: number): number {
  step("load", "unrung", submitter);
  return Atomics.load(memory.words, memory.submitter(submitter, submitterField.unrung));
}

/** Called by the submitter, which then looks once more: a thread that read this before has pushed by then. */
export function withdrawUnrung(memory: PoolMemory, submitter: number, seen: number): boolean {
  const word = memory.submitter(submitter, submitterField.unrung);
  step("compare-exchange", "unrung", submitter);
  return Atomics.compareExchange(memory.words, word, seen, 0) === seen;
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
