// Looks for turns that do not settle: a claimed slot whose word has not changed for the whole deadline. First the handler is
// told, by ctx.signal; when it has not settled within the grace either, its thread is given up.

import type { PoolMemory } from "../memory/pool-memory.ts";
import { loadSlot, ownerOf, stateOf } from "../memory/slot.ts";

interface Claim {
  readonly word: number;
  readonly since: number;
  told: boolean;
}

export interface Deadline {
  readonly deadlineMillis: number;
  readonly graceMillis: number;
  /** The turn's deadline has passed: once. */
  tell(seat: number, slot: number): void;
  /** The grace has passed too: again and again while it lasts. */
  giveUp(seat: number, slot: number): void;
}

/** The timer keeps no process alive. */
export function watchTurns(memory: PoolMemory, deadline: Deadline): NodeJS.Timeout {
  const { deadlineMillis, graceMillis } = deadline;
  const claims = new Map<number, Claim>();
  const look = (slot: number, now: number): void => {
    const word = loadSlot(memory, slot);
    const claim = claims.get(slot);
    if (stateOf(word) !== "claimed") claims.delete(slot);
    else if (claim?.word !== word) claims.set(slot, { word, since: now, told: false });
    else if (now - claim.since < deadlineMillis) return;
    else if (!claim.told) {
      claim.told = true;
      deadline.tell(ownerOf(word), slot);
    } else if (now - claim.since >= deadlineMillis + graceMillis) {
      deadline.giveUp(ownerOf(word), slot);
    }
  };
  const every = Math.max(5, Math.min(1000, deadlineMillis / 8));
  return setInterval(() => {
    const now = performance.now();
    for (let slot = 0; slot < memory.slots; slot++) look(slot, now);
  }, every).unref();
}
