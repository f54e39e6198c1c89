// Calls a follower when a leader is wanted. Two ways: `appointFollower` passes leadership straight
// to a chosen follower, as the textbook does; `summonFollower` only wakes one, and leadership is
// free for whoever comes first, mostly the thread that has just finished its event and still runs.
// One summons at a time: a burst wakes one thread, not one for each event. Both want a follower
// that is asleep, and so is sure to come; who waits at its event loop may be at a person's code,
// see leadership.ts.

import { step } from "../../sync/step.ts";
import {
  changeLeadership,
  claimIdle,
  isAtLoop,
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

const nobodyCalled: readonly Call[] = [];

/**
 * While nobody leads the set and `wanted` holds. Mostly one, or nobody when nobody has to be woken.
 * Where no follower is asleep all are called that wait at their event loops, if events are `ready`:
 * none of them is sure to come, and the first leads.
 */
export function callFollower(
  memory: PoolMemory,
  set: number,
  protocol: PromotionProtocol,
  moment: PromotionMoment,
  wanted: () => boolean,
  ready: () => boolean = wanted,
): readonly Call[] {
  return moment.handsOver
    ? appointFollower(memory, set, protocol, wanted, ready)
    : summonFollower(memory, set, protocol, wanted, ready);
}

/** Of those that are asleep, or of those at their event loops. */
function pickIdle(memory: PoolMemory, protocol: PromotionProtocol, atLoop: boolean): number {
  let best: IdleSeat | undefined;
  for (let index = 0; index < idleWords; index++) {
    step("load", "idle", index);
    let bits = Atomics.load(memory.words, hot.idle + index);
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
      const seat = index * 32 + bit;
      if (isAtLoop(memory, seat) !== atLoop) continue;
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

/**
 * Makes a sleeping follower the set's leader. Nobody when none is idle, somebody leads, or nobody
 * is wanted.
 */
export function appointFollower(
  memory: PoolMemory,
  set: number,
  protocol: PromotionProtocol,
  wanted: () => boolean,
  ready: () => boolean = wanted,
): readonly Call[] {
  for (;;) {
    const seen = loadLeadership(memory, set);
    if (leaderOf(seen) !== nobody || !wanted()) return nobodyCalled;
    const seat = pickIdle(memory, protocol, false);
    if (seat === nobody) return callAtLoops(memory, protocol, ready);
    if (!claimIdle(memory, seat)) continue;
    // One that fell asleep elsewhere since it was picked is woken too, but may not be given what it
    // might not come for.
    const word = isAtLoop(memory, seat) ? undefined : changeLeadership(memory, set, seen, seat);
    if (word !== undefined) return [{ seat, generation: leadershipGeneration(word) }];
    // Leadership moved while the bit was ours: a leader that came and went meanwhile did not see this follower. Woken, it
    // marks itself idle again and looks for itself. Only a seat sets its own bit.
    wakeSeat(memory, seat);
  }
}

/**
 * Picks a sleeping follower to be woken, unless one is on its way already. Pairs with
 * answerSummons: that thread first clears the word and then looks who leads, while here leadership
 * was seen free before the word is read; so either it finds leadership free, or the word is seen
 * clear here. Without that order an event could wait while everybody sleeps. With several handle
 * sets the leader of another one is woken where no follower is asleep: it leads the set whose
 * events wait.
 */
export function summonFollower(
  memory: PoolMemory,
  set: number,
  protocol: PromotionProtocol,
  wanted: () => boolean,
  ready: () => boolean = wanted,
): readonly Call[] {
  const { words } = memory;
  const summoned = memory.set(set, setField.summoned);
  if (leaderOf(loadLeadership(memory, set)) !== nobody) return nobodyCalled;
  for (;;) {
    step("load", "summoned", set);
    if (Atomics.load(words, summoned) !== 0 || !wanted()) return nobodyCalled;
    const seat = pickIdle(memory, protocol, false);
    if (seat === nobody) {
      const other = callOtherLeader(memory, set);
      return other === undefined ? callAtLoops(memory, protocol, ready) : [other];
    }
    step("compare-exchange", "summoned", set);
    if (Atomics.compareExchange(words, summoned, 0, seat + 1) !== 0) return nobodyCalled;
    if (claimIdle(memory, seat)) {
      if (!isAtLoop(memory, seat)) return [{ seat, generation: undefined }];
      wakeSeat(memory, seat);
    }
    clearSummons(memory, set, seat);
  }
}

/**
 * Not by the word `summoned`, since a summons that is not answered would keep everybody else from
 * being called. A claimed bit is enough: of a burst the first event calls each of them once.
 */
function callAtLoops(
  memory: PoolMemory,
  protocol: PromotionProtocol,
  ready: () => boolean,
): readonly Call[] {
  const calls: Call[] = [];
  for (;;) {
    const seat = pickIdle(memory, protocol, true);
    if (seat === nobody || (calls.length === 0 && !ready())) return calls;
    if (claimIdle(memory, seat)) calls.push({ seat, generation: undefined });
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

/**
 * Wakes an idle thread, if there is one: in a model whose threads take events without leading. The
 * first that was asleep is sure to come; of those at their event loops none is, so all of them are
 * woken.
 */
export function callIdle(memory: PoolMemory, protocol: PromotionProtocol): void {
  for (;;) {
    const asleep = pickIdle(memory, protocol, false);
    const seat = asleep === nobody ? pickIdle(memory, protocol, true) : asleep;
    if (seat === nobody) return;
    if (!claimIdle(memory, seat)) continue;
    const isSure = !isAtLoop(memory, seat);
    wakeSeat(memory, seat);
    if (isSure) return;
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
