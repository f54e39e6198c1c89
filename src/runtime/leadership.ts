// Who leads: one word, generation (21 bits) and leader's seat plus one (10 bits, 0 for nobody), changed by
// compare-and-swap only. The generation grows with each change, so a leader that was replaced can't promote any more.
//
// Idle followers are bits in words of their own; claiming a bit is the right to wake that thread. Two orders make sure that
// work, an idle follower and no leader never persist (I4):
//   a thread that goes idle    sets its bit, then looks whether nobody leads while work waits;
//   a thread that gives up     leaves the word leaderless, then looks at the work and at the bits;
//   a submitter                publishes its event, then looks whether nobody leads.
// Whoever comes last sees the other's mark, as all of these are sequentially consistent.

import { step } from "../sync/step.ts";
import { waits } from "../sync/waits.ts";
import { hot, idleWords, seatField, type PoolMemory } from "./pool-memory.ts";
import type { IdleSeat, PromotionProtocol } from "./promotion/which-follower.ts";

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

export function loadLeadership(memory: PoolMemory): number {
  step("load", "leadership", 0);
  return Atomics.load(memory.words, hot.leadership);
}

/**
 * From the word that was seen to `seat` (or nobody). Returns the new word, or undefined when somebody was quicker.
 * Pairs with itself in every thread: it is what makes a second leader impossible (I1).
 */
export function changeLeadership(
  memory: PoolMemory,
  seen: number,
  seat: number,
): number | undefined {
  const next = leadershipWord(leadershipGeneration(seen) + 1, seat);
  step("compare-exchange", "leadership", 0);
  return Atomics.compareExchange(memory.words, hot.leadership, seen, next) === seen
    ? next
    : undefined;
}

/** Marks the seat idle; from here on it may be promoted. */
export function setIdle(memory: PoolMemory, seat: number): void {
  step("add", "ticket", 0);
  const ticket = Atomics.add(memory.words, hot.nextTicket, 1);
  memory.words[memory.seat(seat, seatField.ticket)] = ticket;
  step("or", "idle", seat);
  // Pairs with claimIdle and pickIdle: publishes the ticket with the bit.
  Atomics.or(memory.words, hot.idle + (seat >>> 5), 1 << (seat & 31));
}

/** True for exactly one of those that try: that one may wake the seat, or run as it. */
export function claimIdle(memory: PoolMemory, seat: number): boolean {
  const bit = 1 << (seat & 31);
  step("and", "idle", seat);
  return (Atomics.and(memory.words, hot.idle + (seat >>> 5), ~bit) & bit) !== 0;
}

function pickIdle(memory: PoolMemory, protocol: PromotionProtocol): number {
  let best: IdleSeat | undefined;
  for (let index = 0; index < idleWords; index++) {
    step("load", "idle", index);
    let bits = Atomics.load(memory.words, hot.idle + index);
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
      const seat = index * 32 + bit;
      const ticket = memory.words[memory.seat(seat, seatField.ticket)] ?? 0;
      const candidate = { seat, ticket };
      if (best === undefined || protocol.prefers(candidate, best)) best = candidate;
    }
    if ((index + 1) * 32 > memory.seats) break;
  }
  return best === undefined ? nobody : best.seat;
}

export interface Appointment {
  readonly seat: number;
  readonly generation: number;
}

/**
 * While nobody leads and `wanted` holds, makes an idle follower leader. Undefined when none is idle or somebody leads. The
 * caller wakes the seat: after its own record, so that the trace has them in order.
 */
export function appointFollower(
  memory: PoolMemory,
  protocol: PromotionProtocol,
  wanted: () => boolean,
): Appointment | undefined {
  for (;;) {
    const seen = loadLeadership(memory);
    if (leaderOf(seen) !== nobody || !wanted()) return undefined;
    const seat = pickIdle(memory, protocol);
    if (seat === nobody) return undefined;
    if (!claimIdle(memory, seat)) continue;
    const word = changeLeadership(memory, seen, seat);
    if (word !== undefined) return { seat, generation: leadershipGeneration(word) };
    // Leadership moved while the bit was ours: a leader that came and went meanwhile did not see this follower. Woken, it
    // marks itself idle again and looks for itself. Only a seat sets its own bit.
    wakeSeat(memory, seat);
  }
}

/** Wakes a sleeping seat. Pairs with sleepOn: the word has changed before the notify, so no wake is lost. */
export function wakeSeat(memory: PoolMemory, seat: number): void {
  const word = memory.seat(seat, seatField.wake);
  step("add", "wake", seat);
  Atomics.add(memory.words, word, 1);
  step("notify", "wake", seat);
  waits.notify(memory.words, word, 1);
}
