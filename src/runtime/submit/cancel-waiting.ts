// Ends every event that waits, whoever submitted it: for a pool that closes or is broken.

import type { Recorder } from "../../recorder/recorder.ts";
import { ringDoorbell } from "../memory/completion-list.ts";
import { encodeError, type PlainError } from "../payload/error-transfer.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { recordEnd } from "../recovery/record-end.ts";
import { settleSlot } from "../thread/settle-slot.ts";
import { generationOf, loadSlot, moveSlot, slotWord, stateOf } from "../memory/slot.ts";

/** Called by the supervisor, which claims each event first: no thread can select it from then on. */
export function cancelWaiting(memory: PoolMemory, recorder: Recorder, error: PlainError): void {
  for (let slot = 0; slot < memory.slots; slot++) {
    const seen = loadSlot(memory, slot);
    if (stateOf(seen) !== "queued") continue;
    const own = slotWord(generationOf(seen), "claimed", 0);
    if (!moveSlot(memory, slot, seen, own)) continue;
    recordEnd(memory, recorder, slot, "cancelled");
    settleSlot(memory, slot, own, "cancelled", encodeError(error), 0);
  }
  for (let submitter = 0; submitter < memory.submitters; submitter++) {
    ringDoorbell(memory, submitter);
  }
}
