// Why a running event is to end before its handler is done: a word of its slot, so that a handler that never returns to its
// event loop can see it, and its outcome says the right thing.

import { step } from "../../sync/step.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

export const abortCauses = ["none", "cancelled", "deadline"] as const;
export type AbortCause = (typeof abortCauses)[number];

export function abortCauseOf(memory: PoolMemory, slot: number): AbortCause {
  step("load", "cancel", slot);
  return abortCauses[Atomics.load(memory.words, memory.slot(slot, slotField.cancel))] ?? "none";
}

/** The first cause stays. Pairs with the load in the handler's thread, which is told by a message too. */
export function setAbortCause(memory: PoolMemory, slot: number, cause: AbortCause): void {
  step("compare-exchange", "cancel", slot);
  const word = memory.slot(slot, slotField.cancel);
  Atomics.compareExchange(memory.words, word, 0, abortCauses.indexOf(cause));
}
