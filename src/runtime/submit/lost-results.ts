// Results that never reached their submitter's list: of events that a thread settled, and then died before it could push them.
// The supervisor has marked them, in recover.ts.

import { step } from "../../sync/step.ts";
import { slotField, submitterField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { loadSlot, stateOf } from "../memory/slot.ts";

const none: readonly number[] = [];

/** The submitter's slots that are marked, once. `pending` are those in use, asked only where there is a mark. */
export function takeLost(
  memory: PoolMemory,
  submitter: number,
  pending: () => readonly number[],
): readonly number[] {
  const { words } = memory;
  const lost = memory.submitter(submitter, submitterField.lost);
  step("load", "lost", submitter);
  if (Atomics.load(words, lost) === 0) return none;
  step("exchange", "lost", submitter);
  // Pairs with the add in recover.ts: the marks were written before it.
  Atomics.exchange(words, lost, 0);
  return pending().filter((slot) => {
    const word = loadSlot(memory, slot);
    return stateOf(word) === "settled" && words[memory.slot(slot, slotField.lostWord)] === word;
  });
}
