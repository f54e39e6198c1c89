// What the pool goes by at present, in one word of shared memory: queue discipline, promotion protocol, promotion moment, and which
// rings there is anything to look for in. The main thread alone writes it; every thread and submitter asks it whenever it asks its
// discipline, protocol or moment, so that a change needs no thread's consent. Each is right whoever else still goes by the one
// before: they choose among what is there, and what is there say the rings, the slot words and the leadership word alone.
//
//   queue (2 bits) | promotion (3) | when (2) | whether rings of other classes than 0 may hold entries (1) | highest seat used (10)

import { at } from "../../base/assert.ts";
import { step } from "../../sync/step.ts";
import { hot } from "./memory-fields.ts";
import type { PoolMemory } from "./pool-memory.ts";
import { promotions, protocols, type PromotionName } from "../promotion/protocols.ts";
import { momentNamed, moments, type MomentName, type PromotionMoment } from "../promotion/when.ts";
import type { PromotionProtocol } from "../promotion/which-follower.ts";
import {
  disciplines,
  queues,
  type QueueDiscipline,
  type QueueName,
} from "../queue/queue-discipline.ts";

export interface Regime {
  readonly queue: QueueName;
  /** "own": that of a person's module, which each pool thread has loaded at its start. */
  readonly promotion: PromotionName | "own";
  readonly when: MomentName;
}

const names = [...promotions, "own"] as const;

const promotionAt = 2;
const whenAt = 5;
const spread = 1 << 7;
const seatAt = 8;

/** Called by the main thread only. Pairs with loadRegime. */
export function storeRegime(memory: PoolMemory, { queue, promotion, when }: Regime): void {
  const spreads = memory.classes > 1 && disciplines[queue].byPriority;
  const before = loadRegime(memory);
  const word =
    queues.indexOf(queue) |
    (names.indexOf(promotion) << promotionAt) |
    (moments.indexOf(when) << whenAt) |
    // Never taken back: a submitter that still goes by the discipline before may be about to push into any of the rings.
    (spreads ? spread : before & spread) |
    (seatsUsed(before) << seatAt);
  step("store", "regime", 0);
  Atomics.store(memory.words, hot.regime, word);
}

/** Called by the main thread only, before it starts a thread in the seat: seats beyond the highest have empty rings. */
export function storeSeatUsed(memory: PoolMemory, seat: number): void {
  const before = loadRegime(memory);
  if (seat <= seatsUsed(before)) return;
  step("store", "regime", 0);
  Atomics.store(memory.words, hot.regime, (before & ((1 << seatAt) - 1)) | (seat << seatAt));
}

/**
 * Pairs with the stores. Whoever goes to sleep sets its flag (leader-asleep, idle), then loads this, then looks at the rings; a
 * submitter loads this, pushes into the ring that it says, then looks at the flag. So either the sleeper looks at that ring, or the
 * submitter wakes it: an event in a ring that a stale word leaves out would be slept over.
 */
export function loadRegime({ words }: PoolMemory): number {
  step("load", "regime", 0);
  return Atomics.load(words, hot.regime);
}

export function seatsUsed(word: number): number {
  return word >>> seatAt;
}

/** Whether rings of other classes than 0 may hold entries. */
export function isSpread(word: number): boolean {
  return (word & spread) !== 0;
}

const inOrder = queues.map((name) => disciplines[name]);

export function disciplineOf(word: number): QueueDiscipline {
  return at(inOrder, word & 3);
}

/**
 * The word as this thread last saw it, perhaps: a plain read, which costs a tenth of an atomic one (measured). Enough for what is
 * right by any regime, such as whom to promote and when.
 */
function glance({ words }: PoolMemory): number {
  return words[hot.regime] ?? 0;
}

/** For a submitter. Class 0 is looked at under every regime; only an event for another ring needs what loadRegime says of order. */
export function presentDiscipline(memory: PoolMemory): QueueDiscipline {
  const word = glance(memory);
  return disciplineOf(isSpread(word) ? loadRegime(memory) : word);
}

export function regimeOf(memory: PoolMemory): Regime {
  const word = loadRegime(memory);
  return {
    queue: at(queues, word & 3),
    promotion: at(names, (word >>> promotionAt) & 7),
    when: at(moments, (word >>> whenAt) & 3),
  };
}

/** `own` is lifo's stand-in where a person's module is not loaded. */
export function presentProtocol(memory: PoolMemory, own: PromotionProtocol): PromotionProtocol {
  const table = names.map((name) => (name === "own" ? own : protocols[name]));
  const present = (): PromotionProtocol => at(table, (glance(memory) >>> promotionAt) & 7);
  return {
    get name() {
      return present().name;
    },
    get measures() {
      return present().measures;
    },
    get declines() {
      return present().declines;
    },
    prefers: (first, second) => present().prefers(first, second),
  };
}

export function presentMoment(memory: PoolMemory): PromotionMoment {
  const table = moments.map((name) => momentNamed[name]);
  const present = (): PromotionMoment => at(table, (glance(memory) >>> whenAt) & 3);
  return {
    get name() {
      return present().name;
    },
    get handsOver() {
      return present().handsOver;
    },
    get late() {
      return present().late;
    },
    wakeFollower: (moreEventsWait) => present().wakeFollower(moreEventsWait),
  };
}
