// Gives a claimed event its one outcome: the result into the slot's slab, the slot word to settled, the slot to its submitter.

import { outcomeCode, type Outcome } from "../trace/outcome.ts";
import { pushCompletion } from "./completion-list.ts";
import type { Encoded } from "./payload-codec.ts";
import { storePayload } from "./payload-store.ts";
import { slotField, type PoolMemory } from "./pool-memory.ts";
import { generationOf, moveSlot, slotWord } from "./slot.ts";

/** Called by the pool thread that claimed the slot, or by the supervisor (seat 0) for a dead one: the one outcome. */
export function settleSlot(
  memory: PoolMemory,
  slot: number,
  seen: number,
  outcome: Outcome,
  value: Encoded,
  seat: number,
): boolean {
  storePayload(memory, slot, value);
  memory.words[memory.slot(slot, slotField.settledBy)] = seat;
  const settled = slotWord(generationOf(seen), "settled", outcomeCode[outcome]);
  if (!moveSlot(memory, slot, seen, settled)) return false;
  pushCompletion(memory, memory.words[memory.slot(slot, slotField.submitter)] ?? 0, slot);
  return true;
}
