// Whether the pool waits for itself: every thread that runs handlers has only turns that wait for events which the pool's own
// turns submitted. The last thread to find that out takes one event beyond its limit.

import { step } from "../../sync/step.ts";
import { seatField } from "../memory/memory-fields.ts";
import type { ModelThread } from "./pool-model.ts";

export function allSuspended({ memory, threads }: ModelThread): boolean {
  for (let seat = 1; seat <= threads; seat++) {
    step("load", "suspended", seat);
    if (Atomics.load(memory.words, memory.seat(seat, seatField.suspended)) === 0) return false;
  }
  return true;
}
