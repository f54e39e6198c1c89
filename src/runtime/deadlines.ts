// Looks for turns that do not settle: a claimed slot whose word has not changed for the whole deadline.

import type { PoolMemory } from "./pool-memory.ts";
import { loadSlot, ownerOf, stateOf } from "./slot.ts";

interface Claim {
  readonly word: number;
  readonly since: number;
}

/** Calls `overdue` with the seat and slot, again and again while it lasts. The timer keeps no process alive. */
export function watchDeadlines(
  memory: PoolMemory,
  deadlineMillis: number,
  overdue: (seat: number, slot: number) => void,
): NodeJS.Timeout {
  const claims = new Map<number, Claim>();
  const look = Math.max(5, Math.min(1000, deadlineMillis / 8));
  return setInterval(() => {
    const now = performance.now();
    for (let slot = 0; slot < memory.slots; slot++) {
      const word = loadSlot(memory, slot);
      if (stateOf(word) !== "claimed") claims.delete(slot);
      else if (claims.get(slot)?.word !== word) claims.set(slot, { word, since: now });
      else if (now - (claims.get(slot)?.since ?? now) >= deadlineMillis)
        overdue(ownerOf(word), slot);
    }
  }, look).unref();
}
