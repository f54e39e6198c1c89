// After an event is in its ring: somebody must look at it. Either a leader exists and is woken if it sleeps, or an idle
// follower is called; an event that is bound to a thread wakes that thread.

import { codes } from "../../recorder/codes.ts";
import { step } from "../../sync/step.ts";
import { callFollower } from "./call-follower.ts";
import { called } from "../health/hand-off.ts";
import { runnerOf } from "../queue/lanes.ts";
import { takeBackSleep } from "./leader-wait.ts";
import { claimIdle, isAnyIdle, wakeSeat } from "./leadership.ts";
import { seatField, setField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { SubmitParts } from "../models/pool-model.ts";

/**
 * The leadership word, which changes twice an event, is looked at last: reading it here would pull its cache line over from the
 * pool's threads for each event. While no thread sleeps there is nobody to wake, and whoever is awake looks at the rings: a leader
 * before it sleeps, a follower that finds nobody leading once its idle bit is set. With several sets (`setup.handleSet` is the
 * set) the leader of another one may sleep.
 */
export function wakeLeader(setup: SubmitParts, set: number): void {
  const { memory } = setup;
  if (wakeSleepingLeader(memory, set)) return;
  if (memory.handleSets === 1 && !isAnyIdle(memory)) return;
  callLeader(setup, set);
}

/** For a leader that waits by announceSleep. False when there is none, or it is awake. */
export function wakeSleepingLeader(memory: PoolMemory, set: number): boolean {
  const word = memory.set(set, setField.leaderAsleep);
  step("load", "leader-asleep", set);
  // Pairs with the leader's store in leader-wait.ts: it sets the flag, then looks at the rings; here the ring was pushed,
  // then the flag is read. One of the two sees the other.
  if (Atomics.load(memory.words, word) === 0) return false;
  step("exchange", "leader-asleep", set);
  const asleep = Atomics.exchange(memory.words, word, 0);
  if (asleep !== 0) wakeSeat(memory, asleep - 1);
  // It leads, or has just woken by itself and looks at the rings next.
  return true;
}

/**
 * Wakes the thread of a bound lane if it sleeps: as follower, as leader, or for want of room for a turn. Pairs with that thread,
 * which sets one of these marks, then looks at its lane, then sleeps; here the lane was pushed, then the marks are read.
 */
export function wakeRunner(memory: PoolMemory, lane: number): void {
  const seat = runnerOf(memory, lane);
  if (seat === 0) return;
  if (claimIdle(memory, seat)) return wakeSeat(memory, seat);
  for (let set = 0; set < memory.handleSets; set++) {
    if (takeBackSleep(memory, set, seat)) return wakeSeat(memory, seat);
  }
  step("load", "suspended", seat);
  const suspended = Atomics.load(memory.words, memory.seat(seat, seatField.suspended));
  if (suspended !== 0) wakeSeat(memory, seat);
}

function callLeader(setup: SubmitParts, set: number): void {
  const { memory, recorder, protocol, moment, handleSet } = setup;
  const calls = callFollower(memory, set, protocol, moment, () => handleSet.hasWork());
  for (const { seat, generation = 0 } of calls) {
    if (recorder.scheduling) {
      recorder.record(codes.promoted, setup.currentTurn(), 0, seat + 1, set, generation, 0);
    }
    called(memory, seat, setup.nowMicros());
    wakeSeat(memory, seat);
  }
}
