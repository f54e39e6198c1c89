// Who leads a handle set: one word, generation (21 bits) and leader's seat plus one (10 bits, 0 for
// nobody), changed by compare-and-swap only. The generation grows with each change, so a leader
// that was replaced can't promote any more.
//
// Idle followers are bits in words of their own; claiming a bit is the right to wake that thread.
// Two orders make sure that work, an idle follower and no leader never persist (I4):
//   a thread that goes idle    sets its bit, then looks whether nobody leads while work waits;
//   a thread that gives up     leaves the word leaderless, then looks at work and bits;
//   a submitter                publishes its event, then looks whether nobody leads.
// Whoever comes last sees the other's mark, as all of these are sequentially consistent.
//
// An idle follower is asleep, blocked in its wait, and comes as soon as it is woken; or it waits at
// its event loop, as turns, timers or sockets need that, and may be at a person's code just then,
// for as long as that takes. So a thread never leads while its event loop turns, and whoever calls
// goes on to the next as long as nobody whom it called was asleep.

import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { hot, seatField, setField } from "../memory/memory-fields.ts";
import { loadRegime, seatsUsed } from "../memory/regime.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

const seatBits = 10;
const seatMask = (1 << seatBits) - 1;
export const nobody = -1;

export function leaderOf(word: number): number {
  return (word & seatMask) - 1;
}

export function leadershipGeneration(word: number): number {
  return word >>> seatBits;
}

function leadershipWord(generation: number, seat: number): number {
  return (generation << seatBits) | (seat + 1);
}

export function loadLeadership(memory: PoolMemory, set: number): number {
  step("load", "leadership", set);
  return Atomics.load(memory.words, memory.set(set, setField.leadership));
}

/**
 * From the word that was seen to `seat` (or nobody). Returns the new word, or undefined when somebody was quicker.
 * Pairs with itself in every thread: it is what makes a second leader impossible (I1).
 */
export function changeLeadership(
  memory: PoolMemory,
  set: number,
  seen: number,
  seat: number,
): number | undefined {
  const next = leadershipWord(leadershipGeneration(seen) + 1, seat);
  const word = memory.set(set, setField.leadership);
  step("compare-exchange", "leadership", set);
  return Atomics.compareExchange(memory.words, word, seen, next) === seen ? next : undefined;
}

/**
 * Marks the seat idle; from here on it may be promoted. Followed, if it is not at its loop, by
 * nothing but a look and a wait.
 */
export function setIdle(memory: PoolMemory, seat: number, atLoop = false): void {
  step("add", "ticket", 0);
  const ticket = Atomics.add(memory.words, hot.nextTicket, 1);
  memory.words[memory.seat(seat, seatField.ticket)] = ticket;
  memory.words[memory.seat(seat, seatField.atLoop)] = atLoop ? 1 : 0;
  step("or", "idle", seat);
  // Pairs with claimIdle and pickIdle: publishes the ticket, and where it waits, with the bit.
  Atomics.or(memory.words, hot.idle + (seat >>> 5), 1 << (seat & 31));
}

/**
 * Where an idle seat waits, or one whose bit the caller has claimed. Should it have come by itself
 * meanwhile and marked itself anew, it has looked at the work after that, and need not be sure to
 * come.
 */
export function isAtLoop(memory: PoolMemory, seat: number): boolean {
  return memory.words[memory.seat(seat, seatField.atLoop)] === 1;
}

/** Pairs with setIdle: a seat whose bit is not seen here yet looks who leads after it has set it. */
export function isAnyIdle(memory: PoolMemory): boolean {
  for (let index = 0; index * 32 <= memory.seats; index++) {
    step("load", "idle", index);
    if (Atomics.load(memory.words, hot.idle + index) !== 0) return true;
  }
  return false;
}

/** Seats of the pool that are not idle followers, spares and dead ones among them: a hint. */
export function threadsAwake(memory: PoolMemory): number {
  let awake = seatsUsed(loadRegime(memory));
  for (let index = 0; index * 32 <= memory.seats; index++) {
    // A plain read: nothing is decided by it but whether to look or to sleep.
    for (let bits = memory.words[hot.idle + index] ?? 0; bits !== 0; bits &= bits - 1) awake--;
  }
  return awake;
}

/** True for exactly one of those that try: that one may wake the seat, or run as it. */
export function claimIdle(memory: PoolMemory, seat: number): boolean {
  const bit = 1 << (seat & 31);
  step("and", "idle", seat);
  return (Atomics.and(memory.words, hot.idle + (seat >>> 5), ~bit) & bit) !== 0;
}

/**
 * Wakes a sleeping seat. Pairs with ThreadIdle: the word has changed before the notify, so no wake is lost. Only the seat's
 * own thread waits on its word, but perhaps twice: blocked, and by a waitAsync that a turn left behind when it settled. A
 * notify of one could go to the latter and leave the thread asleep for ever.
 */
export function wakeSeat(memory: PoolMemory, seat: number): void {
  const word = memory.seat(seat, seatField.wake);
  step("add", "wake", seat);
  Atomics.add(memory.words, word, 1);
  step("notify", "wake", seat);
  waits.notify(memory.words, word, Infinity);
}
