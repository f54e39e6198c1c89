// Gives a claimed event its one outcome: the result into the slot's slab, the slot word to settled, the slot to its submitter.

import { outcomeCode, type Outcome } from "../../trace/outcome.ts";
import { pushCompletion } from "../memory/completion-list.ts";
import { encodeError, toPlainError } from "../payload/error-transfer.ts";
import type { Encoded } from "../payload/payload-codec.ts";
import { memoryFull, storePayload } from "../payload/payload-store.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { generationOf, loadSlot, moveSlot, slotWord, stateOf } from "../memory/slot.ts";

/**
 * Called by the pool thread that claimed the slot, or by the supervisor (seat 0) for one that died or hangs: the one outcome.
 * False when the slot was taken over meanwhile. The caller then rings the submitter's doorbell, soon.
 */
export function settleSlot(
  memory: PoolMemory,
  slot: number,
  seen: number,
  outcome: Outcome,
  value: Encoded,
  seat: number,
): boolean {
  const settling = slotWord(generationOf(seen), "settling", seat);
  if (!moveSlot(memory, slot, seen, settling)) return false;
  return settleOwn(memory, slot, settling, outcome, value, seat);
}

/** Without a result, of an event that waits: its submitter's only. The settled word; undefined when it waits no more. */
export function settleQueued(
  memory: PoolMemory,
  slot: number,
  outcome: Outcome,
): number | undefined {
  for (;;) {
    const seen = loadSlot(memory, slot);
    if (stateOf(seen) !== "queued") return undefined;
    const settled = slotWord(generationOf(seen), "settled", outcomeCode[outcome]);
    // Else a thread has claimed it, or it was given another ring (requeue.ts) and still waits.
    if (moveSlot(memory, slot, seen, settled)) return settled;
  }
}

/** From settling on: also for a thread that died there, by the supervisor. */
export function settleOwn(
  memory: PoolMemory,
  slot: number,
  settling: number,
  outcome: Outcome,
  value: Encoded,
  seat: number,
): boolean {
  const kept = storeResult(memory, slot, value) ? outcome : "failed";
  memory.words[memory.slot(slot, slotField.settledBy)] = seat;
  const settled = slotWord(generationOf(settling), "settled", outcomeCode[kept]);
  if (!moveSlot(memory, slot, settling, settled)) return false;
  pushCompletion(memory, memory.submitterOf(slot), slot);
  return true;
}

/** False when the payload memory is full: the event fails with that sentence, which fits into the slab. */
function storeResult(memory: PoolMemory, slot: number, value: Encoded): boolean {
  if (storePayload(memory, slot, value)) return true;
  storePayload(memory, slot, encodeError({ ...toPlainError(memoryFull(memory)), stack: "" }));
  return false;
}
