// Which thread runs which lane, where threads have queues of their own: in the model active-object, and for events that are
// bound to a thread. Shared lanes come first, which any thread may take from; then one bound lane for each thread. The
// supervisor alone writes who runs a lane, when it makes a thread a member; submitters read it to know whom to wake. A thread
// that comes to a lane looks at its queue before it sleeps, so an event that was published before that is seen, whoever was to
// be woken for it.

import { step } from "../../sync/step.ts";
import { seatField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

function runnerWord(memory: PoolMemory, lane: number): number {
  return memory.seat(lane - memory.sharedLanes + 1, seatField.laneRunner);
}

/** The bound lane of an object, as in slotField.object. */
export function boundLaneOf({ lanes, sharedLanes }: PoolMemory, object: number): number {
  return sharedLanes + ((object >>> 0) % (lanes - sharedLanes));
}

/** As traces number handle sets: from 0 those that any thread may take from, from -1 down those that are bound to a thread. */
export function handleSetOfLane({ sharedLanes }: PoolMemory, lane: number): number {
  return lane < sharedLanes ? lane : sharedLanes - lane - 1;
}

/** The seat whose thread runs the bound lane, 0 for none. */
export function runnerOf(memory: PoolMemory, lane: number): number {
  step("load", "lane-runner", lane);
  return Atomics.load(memory.words, runnerWord(memory, lane));
}

/** Undefined for a seat without a lane. */
export function laneOf(memory: PoolMemory, seat: number): number | undefined {
  for (let lane = memory.sharedLanes; lane < memory.lanes; lane++) {
    if (runnerOf(memory, lane) === seat) return lane;
  }
  return undefined;
}

/** Gives the seat the first lane that no member runs. */
export function giveLane(
  memory: PoolMemory,
  seat: number,
  isMember: (seat: number) => boolean,
): void {
  for (let lane = memory.sharedLanes; lane < memory.lanes; lane++) {
    const runner = runnerOf(memory, lane);
    if (runner !== seat && isMember(runner)) continue;
    step("store", "lane-runner", lane);
    Atomics.store(memory.words, runnerWord(memory, lane), seat);
    return;
  }
}
