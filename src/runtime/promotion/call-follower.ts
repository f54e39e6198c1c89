// Calls a follower when a leader is wanted. Two ways: `appointFollower` passes leadership straight to a chosen follower, as
// the textbook does; `summonFollower` only wakes one, and leadership is free for whoever comes first, mostly the thread that
// has just finished its event and still runs. One summons at a time: a burst wakes one thread, not one for each event.

import { step } from "../../sync/step.ts";
import {
  changeLeadership,
  claimIdle,
  leadershipGeneration,
  leaderOf,
  loadLeadership,
  nobody,
  wakeSeat,
} from "./leadership.ts";
import { hot, idleWords, seatField, setField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { PromotionMoment } from "./when.ts";
import type { IdleSeat, PromotionProtocol } from "./which-follower.ts";

/** A follower that the caller must wake now, after its own record, so that the trace has them in order. */
export interface Call {
  readonly seat: number;
  /** Of the leadership that the follower was given; undefined when it has to take it. */
  readonly generation: number | undefined;
}

/** While nobody leads the set and `wanted` holds. Undefined when nobody has to be woken. */
export function callFollower(
  memory: PoolMemory,
  set: number,
  protocol: PromotionProtocol,
  moment: PromotionMoment,
  wanted: () => boolean,
): Call | undefined {
  return moment.handsOver
    ? appointFollower(memory, set, protocol, wanted)
    : summonFollower(memory, set, protocol, wanted);
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
      const candidate = idleSeat(memory, seat);
      if (best === undefined || protocol.prefers(candidate, best)) best = candidate;
    }
    if ((index + 1) * 32 > memory.seats) break;
  }
  return best === undefined ? nobody : best.seat;
}

function idleSeat(memory: PoolMemory, seat: number): IdleSeat {
  const field = (name: number): number => memory.words[memory.seat(seat, name)] ?? 0;
  const ticket = field(seatField.ticket);
  const now = memory.words[hot.nextTicket] ?? 0;
  return {
    seat,
    ticket,
    // Tickets wrap: only their difference counts.
    age: (now - ticket) | 0,
    live: field(seatField.live),
    busy: field(seatField.busy),
    pace: field(seatField.pace),
  };
}

/** Makes an idle follower the set's leader. Undefined when none is idle, somebody leads, or nobody is wanted. */
export function appointFollower(
  memory: PoolMemory,
  set: number,
  protocol: PromotionProtocol,
  wanted: () => boolean,
): Call | undefined {
  for (;;) {
    const seen = loadLeadership(memory, set);
    if (leaderOf(seen) !== nobody || !wanted()) return undefined;
    const seat = pickIdle(memory, protocol);
    if (seat === nobody) return undefined;
    if (!claimIdle(memory, seat)) continue;
    const word = changeLeadership(memory, set, seen, seat);
    if (word !== undefined) return { seat, generation: leadershipGeneration(word) };
    // Leadership moved while the bit was ours: a leader that came and went meanwhile did not see this follower. Woken, it
    // marks itself idle again and looks for itself. Only a seat sets its own bit.
    wakeSeat(memory, seat);
  }
}

/**
 * Picks an idle follower to be woken, unless one is on its way already. Pairs with answerSummons: that thread first clears
 * the word and then looks who leads, while here leadership was seen free before the word is read; so either it finds
 * leadership free, or the word is seen clear here. Without that order an event could wait while everybody sleeps. With several
 * handle sets the leader of another one is woken where no follower is idle: it leads the set whose events wait.
 */
export function summonFollower(
  memory: PoolMemory,
  set: number,
  protocol: PromotionProtocol,
  wanted: () => boolean,
): Call | undefined {
  const { words } = memory;
  const summoned = memory.set(set, setField.summoned);
  if (leaderOf(loadLeadership(memory, set)) !== nobody) return undefined;
  for (;;) {
    step("load", "summoned", set);
    if (Atomics.load(words, summoned) !== 0 || !wanted()) return undefined;
    const seat = pickIdle(memory, protocol);
    if (seat === nobody) return callOtherLeader(memory, set);
    step("compare-exchange", "summoned", set);
    if (Atomics.compareExchange(words, summoned, 0, seat + 1) !== 0) return undefined;
    if (claimIdle(memory, seat)) return { seat, generation: undefined };
    clearSummons(memory, set, seat);
  }
}

/**
 * A leader that sleeps beside an empty set. Pairs with its announceSleep, after which it looks for other sets that have events
 * and no leader; here the event is in its ring, and the set was seen without one.
 */
function callOtherLeader(
  { handleSets, set, words }: PoolMemory,
  wanting: number,
): Call | undefined {
  for (let each = 0; each < handleSets; each++) {
    if (each === wanting) continue;
    step("exchange", "leader-asleep", each);
    const asleep = Atomics.exchange(words, set(each, setField.leaderAsleep), 0);
    if (asleep !== 0) return { seat: asleep - 1, generation: undefined };
  }
  return undefined;
}

/** Wakes one idle thread, if there is one: in a model whose threads take events without leading. */
export function callIdle(memory: PoolMemory, protocol: PromotionProtocol): void {
  for (;;) {
    const seat = pickIdle(memory, protocol);
    if (seat === nobody) return;
    if (claimIdle(memory, seat)) return wakeSeat(memory, seat);
  }
}

/** Called by each thread that goes to lead, before it looks who leads: see summonFollower. */
export function answerSummons(memory: PoolMemory, set: number, seat: number): void {
  step("load", "summoned", set);
  const summoned = Atomics.load(memory.words, memory.set(set, setField.summoned));
  if (summoned === seat + 1) clearSummons(memory, set, seat);
}

/** Also on behalf of a dead thread, which can't come any more. */
export function clearSummons(memory: PoolMemory, set: number, seat: number): void {
  step("compare-exchange", "summoned", set);
  Atomics.compareExchange(memory.words, memory.set(set, setField.summoned), seat + 1, 0);
}
