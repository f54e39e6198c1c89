// Why a running event is to end before its handler is done: a word of its slot, so that a handler that never returns to its
// event loop can see it, and its outcome says the right thing.

import { step } from "../../sync/step.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { generationOf, loadSlot, moveSlot, ownerOf, slotWord, stateOf } from "../memory/slot.ts";

export const abortCauses = ["none", "cancelled", "deadline"] as const;
export type AbortCause = (typeof abortCauses)[number];

export function abortCauseOf(memory: PoolMemory, slot: number): AbortCause {
  step("load", "cancel", slot);
  return abortCauses[Atomics.load(memory.words, memory.slot(slot, slotField.cancel))] ?? "none";
}

/** Unless it is cancelled already. Pairs with the load in the handler's thread, which is told by a message too. */
export function setOverdue(memory: PoolMemory, slot: number): void {
  step("compare-exchange", "cancel", slot);
  const word = memory.slot(slot, slotField.cancel);
  Atomics.compareExchange(memory.words, word, 0, abortCauses.indexOf("deadline"));
}

/**
 * What became of an event that did not wait when its submitter wanted to cancel it. `claimed`: its turn goes on, and whatever comes of it,
 * the outcome is "cancelled" from now on. `settles`: its outcome is decided already. `waits`: its thread has died, and it waits again.
 */
export type Cancelling = "claimed" | "settles" | "waits";

/** By the event's submitter only. The slot word decides, so that a turn that ends at the same time has one outcome. */
export function cancelClaimed(memory: PoolMemory, slot: number): Cancelling {
  for (;;) {
    const word = loadSlot(memory, slot);
    const state = stateOf(word);
    if (state === "queued") return "waits";
    // Seat 0 is the supervisor, which is about to settle it.
    if (state !== "claimed" || ownerOf(word) === 0) return "settles";
    if (!moveSlot(memory, slot, word, cancelledWord(word))) continue;
    step("store", "cancel", slot);
    // Also where its deadline has passed before. The slot can't be another event's yet: its submitter, who is here, frees it.
    Atomics.store(
      memory.words,
      memory.slot(slot, slotField.cancel),
      abortCauses.indexOf("cancelled"),
    );
    return "claimed";
  }
}

/** The word of a claimed slot once its event was cancelled. */
export function cancelledWord(claimed: number): number {
  return slotWord(generationOf(claimed), "cancelled", ownerOf(claimed));
}
