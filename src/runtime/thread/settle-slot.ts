// Gives a claimed event its one outcome: the result into the slot's slab, the slot word to settled, the slot to its submitter.

import { outcomeCode, outcomes, type Outcome } from "../../trace/outcome.ts";
import { pushCompletion } from "../memory/completion-list.ts";
import { cut } from "../payload/describe-value.ts";
import { encodeError, type PlainError } from "../payload/error-transfer.ts";
import { toPlainError } from "../payload/read-error.ts";
import type { Encoded } from "../payload/payload-codec.ts";
import { memoryFull, storePayload } from "../payload/payload-store.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { generationOf, loadSlot, moveSlot, slotWord, stateOf } from "../memory/slot.ts";

/** A message so long fits into a slab with its name, whatever its characters. */
const inSlab = 500;

/**
 * Called by the pool thread that claimed the slot, or by the supervisor (seat 0) for one that died or hangs: from here on nobody else
 * settles it. The settling word; undefined when the slot was taken over, or its event cancelled, meanwhile.
 */
export function takeToSettle(
  memory: PoolMemory,
  slot: number,
  seen: number,
  seat: number,
): number | undefined {
  const settling = slotWord(generationOf(seen), "settling", seat);
  return moveSlot(memory, slot, seen, settling) ? settling : undefined;
}

/** All of it for who keeps no record between. The caller then rings the submitter's doorbell, soon. */
export function settleSlot(
  memory: PoolMemory,
  slot: number,
  seen: number,
  outcome: Outcome,
  value: Encoded,
  seat: number,
): boolean {
  const settling = takeToSettle(memory, slot, seen, seat);
  if (settling === undefined) return false;
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

/** From settling on. */
export function settleOwn(
  memory: PoolMemory,
  slot: number,
  settling: number,
  outcome: Outcome,
  value: Encoded,
  seat: number,
): boolean {
  const lacking = storeResult(memory, slot, value, undefined);
  const kept = lacking === undefined ? outcome : "failed";
  markRecorded(memory, slot, kept, seat);
  return publishSettled(memory, slot, settling, kept);
}

/**
 * Undefined when it is stored. When the payload memory is full, the error that was stored in its place, without its stack, so that it
 * fits into the slab: `error`, where that is the result, else one that says so.
 */
export function storeResult(
  memory: PoolMemory,
  slot: number,
  value: Encoded,
  error: PlainError | undefined,
): PlainError | undefined {
  if (storePayload(memory, slot, value)) return undefined;
  const { name, message } = error ?? toPlainError(memoryFull(memory));
  const stored = { name, message: cut(message, inSlab), stack: "" };
  storePayload(memory, slot, encodeError(stored));
  return stored;
}

// Who settles a slot says so in it once the result is stored and the outcome recorded: when it dies after that, the supervisor finishes
// what it began, and when it dies before, the event fails. Either way it has one outcome, the same in the record and for its caller.
const outcomeShift = 12;

export function markRecorded(
  memory: PoolMemory,
  slot: number,
  outcome: Outcome,
  seat: number,
): void {
  memory.words[memory.slot(slot, slotField.settledBy)] =
    ((outcomeCode[outcome] + 1) << outcomeShift) | seat;
}

export function settledBy(memory: PoolMemory, slot: number): number {
  return (memory.words[memory.slot(slot, slotField.settledBy)] ?? 0) & ((1 << outcomeShift) - 1);
}

/** Undefined before it is recorded. */
export function recordedOutcome(memory: PoolMemory, slot: number): Outcome | undefined {
  const word = memory.words[memory.slot(slot, slotField.settledBy)] ?? 0;
  return outcomes[(word >>> outcomeShift) - 1];
}

/** The last step: its submitter may use the slot again from here on. */
export function publishSettled(
  memory: PoolMemory,
  slot: number,
  settling: number,
  outcome: Outcome,
): boolean {
  const settled = slotWord(generationOf(settling), "settled", outcomeCode[outcome]);
  if (!moveSlot(memory, slot, settling, settled)) return false;
  pushCompletion(memory, memory.submitterOf(slot), slot);
  return true;
}
