// Which lock, and which holds of it, the waits of all threads go back to. A wait is charged to the hold that covered it, piece by
// piece; where that holder waited for another lock itself, the piece is charged to that lock's holder, and so on to the end
// of the chain. What follows a hold's end, until the next one begins, is its hand-over.

import { groupBy } from "../base/group-by.ts";
import type { Trace } from "../trace/trace.ts";
import { within, type Activities, type Activity } from "./activities.ts";
import { holdKey } from "./contention.ts";
import { lockNames } from "./sites.ts";
import type { LockHold, LockUse, LockWait } from "./waits.ts";

/** What goes back to one lock. Times in nanoseconds. */
export interface Blame {
  readonly lock: number;
  total: number;
  /** In which nobody held it though somebody wanted it. */
  handOver: number;
  awaiting: number;
  /** In which the holder was in a blocking call. */
  blocked: number;
  /** By acquire site of the holds. */
  readonly sites: Map<number, number>;
  readonly holds: Map<LockHold, number>;
  /** By name and site of the blocking call. */
  readonly inside: Map<string, { readonly activity: Activity; nanos: number }>;
  /** What each turn waited because of it, by `thread turn`. */
  readonly turns: Map<string, number>;
  /** Its own waits, and waits for locks whose holders waited for it, by lock. */
  readonly waits: Map<number, LockWait[]>;
}

/** Longer chains than this are cycles, or nobody's to understand. */
const longestChain = 8;

/** Waits of holders that are looked at in all: beyond it a wait is charged to the lock that it is for. */
const mostLooks = 5_000_000;

/** By lock; the pool's own locks are no business of the person's. */
export function blameOf(trace: Trace, use: LockUse, activities: Activities): Map<number, Blame> {
  const nameOf = lockNames(trace);
  const walk = new BlameWalk(use, activities);
  for (const wait of use.waits) {
    if (!nameOf(wait.lock).startsWith("poolscope:")) walk.charge(wait);
  }
  return walk.found;
}

class BlameWalk {
  readonly found = new Map<number, Blame>();
  readonly #activities: Activities;
  readonly #holds: ReadonlyMap<string, LockHold>;
  readonly #waitsOfTurn: ReadonlyMap<string, readonly LockWait[]>;
  #looks = 0;

  constructor(use: LockUse, activities: Activities) {
    this.#activities = activities;
    this.#holds = new Map(use.holds.map((hold) => [holdKey(hold.lock, hold.acquisition), hold]));
    this.#waitsOfTurn = groupBy(use.waits, turnKey);
  }

  charge(wait: LockWait): void {
    this.#chargeBetween(wait, wait, wait.start, wait.end, 0);
  }

  #chargeBetween(victim: LockWait, wait: LockWait, from: number, to: number, depth: number): void {
    for (const segment of wait.segments) {
      const start = Math.max(from, segment.start);
      const end = Math.min(to, segment.end);
      if (end <= start) continue;
      const hold = this.#holds.get(holdKey(wait.lock, segment.acquisition));
      if (hold === undefined) this.#add(victim, wait.lock, end - start);
      else this.#chargeHold(victim, hold, start, end, depth);
    }
  }

  #chargeHold(victim: LockWait, hold: LockHold, from: number, to: number, depth: number): void {
    const held = Math.min(to, Math.max(from, hold.end));
    if (to > held) {
      this.#add(victim, hold.lock, to - held, hold);
      this.#blame(hold.lock).handOver += to - held;
    }
    let start = from;
    const isFollowed = depth < longestChain && this.#looks < mostLooks;
    const inner = isFollowed ? (this.#waitsOfTurn.get(turnKey(hold)) ?? []) : [];
    this.#looks += inner.length;
    for (const wait of inner) {
      if (wait.lock === hold.lock || wait.end <= start || wait.start >= held) continue;
      const begins = Math.max(start, wait.start);
      const ends = Math.min(held, wait.end);
      this.#chargeRunning(victim, hold, start, begins);
      this.#chargeBetween(victim, wait, begins, ends, depth + 1);
      start = ends;
    }
    this.#chargeRunning(victim, hold, start, held);
  }

  #chargeRunning(victim: LockWait, hold: LockHold, start: number, end: number): void {
    if (end <= start) return;
    this.#add(victim, hold.lock, end - start, hold);
    const blame = this.#blame(hold.lock);
    for (const { activity, nanos } of within(this.#activities, hold, start, end)) {
      if (activity.kind === "suspended") blame.awaiting += nanos;
      else {
        blame.blocked += nanos;
        const key = `${activity.name} ${activity.site}`;
        const known = blame.inside.get(key);
        if (known === undefined) blame.inside.set(key, { activity, nanos });
        else known.nanos += nanos;
      }
    }
  }

  #add(victim: LockWait, lock: number, nanos: number, hold?: LockHold): void {
    const blame = this.#blame(lock);
    blame.total += nanos;
    const site = hold?.site ?? 0;
    blame.sites.set(site, (blame.sites.get(site) ?? 0) + nanos);
    if (hold !== undefined) blame.holds.set(hold, (blame.holds.get(hold) ?? 0) + nanos);
    const turn = turnKey(victim);
    blame.turns.set(turn, (blame.turns.get(turn) ?? 0) + nanos);
    const own = blame.waits.get(victim.lock);
    if (own === undefined) blame.waits.set(victim.lock, [victim]);
    else if (own.at(-1) !== victim) own.push(victim);
  }

  #blame(lock: number): Blame {
    const known = this.found.get(lock);
    if (known !== undefined) return known;
    const blame: Blame = {
      ...{ lock, total: 0, handOver: 0, awaiting: 0, blocked: 0 },
      sites: new Map(),
      holds: new Map(),
      inside: new Map(),
      turns: new Map(),
      waits: new Map(),
    };
    this.found.set(lock, blame);
    return blame;
  }
}

function turnKey({ thread, turn }: { readonly thread: number; readonly turn: number }): string {
  return `${thread} ${turn}`;
}
