// Whether a pool thread has timers that its events left there. Written by the thread, and for one
// that is gone by whoever recovers its seat; read by the main thread, which keeps the process alive
// for them (keep-alive.ts).

import { step } from "../../sync/step.ts";
import { seatField } from "./memory-fields.ts";
import type { PoolMemory } from "./pool-memory.ts";

/** Pairs with areTimersAlive; a hint, which may come a little late. */
export function storeTimers(memory: PoolMemory, seat: number, alive: boolean): void {
  step("store", "timers", seat);
  Atomics.store(memory.words, memory.seat(seat, seatField.timers), alive ? 1 : 0);
}

export function areTimersAlive(memory: PoolMemory): boolean {
  for (let seat = 1; seat <= memory.seats; seat++) {
    step("load", "timers", seat);
    if (Atomics.load(memory.words, memory.seat(seat, seatField.timers)) !== 0) return true;
  }
  return false;
}
