// Where an event waits that is queued again after its thread's death: in the rings of the dead thread, which nobody fills now. The
// rings' fronts are compared, so it goes in its order among all that wait; behind others in one ring it would not, and the next
// event of its key would go before it.

import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { loadSlot, stateOf } from "../memory/slot.ts";
import type { PoolCore } from "../pool-core.ts";
import { SubmitterRings } from "../submit/submitter-rings.ts";

/** For the time of one recovery. `elsewhere` where the rings are full. */
export function queueAgain(
  { memory, parts, submitSide }: PoolCore,
  seat: number,
  elsewhere: (slot: number) => void,
): (slot: number) => void {
  const { discipline } = parts;
  const rings = new SubmitterRings({ memory, index: seat, model: submitSide, discipline });
  return (slot) => {
    const priority = memory.words[memory.slot(slot, slotField.priority)] ?? 0;
    if (!rings.push(slot, loadSlot(memory, slot), priority)) elsewhere(slot);
  };
}

/**
 * With exclusive keys: a thread that was given up may have moved entries in rings (takeOut) while the next leader did, and one of
 * the two may have overwritten an entry. What waits gets another one, which is stale where the first is still there.
 */
export function queueAllAgain(memory: PoolMemory, again: (slot: number) => void): void {
  for (let slot = 0; slot < memory.slots; slot++) {
    if (stateOf(loadSlot(memory, slot)) === "queued") again(slot);
  }
}
