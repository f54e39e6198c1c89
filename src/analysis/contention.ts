// Contention hotspots: which lock costs the pool's threads how much waiting, at which acquires they wait (victims), and at
// which acquires the holds began that they wait for (culprits).

import { groupBy } from "../base/group-by.ts";
import type { Trace } from "../trace/trace.ts";
import { mostAtOnce } from "./most-at-once.ts";
import type { Hotspot, SiteWaits } from "./report.ts";
import { lockNames, siteOf } from "./sites.ts";
import type { LockHold, LockUse, LockWait } from "./waits.ts";

/** Longest total wait first. `poolWall` is the summed wall time of the pool's threads. */
export function hotspotsOf(trace: Trace, use: LockUse, poolWall: number): Hotspot[] {
  const nameOf = lockNames(trace);
  const holds = new Map(use.holds.map((hold) => [holdKey(hold.lock, hold.acquisition), hold]));
  // The pool's own locks are no business of the person's.
  const theirs = use.waits.filter((wait) => !nameOf(wait.lock).startsWith("poolscope:"));
  const byLock = groupBy(theirs, (wait) => wait.lock);
  const ofTurn = groupBy(use.waits, turnKey);
  const hotspots = [...byLock].map(([lock, waits]) =>
    hotspotOf(trace, nameOf, lock, waits, holds, ofTurn, poolWall),
  );
  return hotspots.sort((first, second) => second.totalWait - first.totalWait);
}

export function holdKey(lock: number, acquisition: number): string {
  return `${lock} ${acquisition}`;
}

function hotspotOf(
  trace: Trace,
  nameOf: (lock: number) => string,
  lock: number,
  waits: readonly LockWait[],
  holds: ReadonlyMap<string, LockHold>,
  ofTurn: ReadonlyMap<string, readonly LockWait[]>,
  poolWall: number,
): Hotspot {
  const totalWait = waits.reduce((sum, wait) => sum + wait.end - wait.start, 0);
  const worst = waits.reduce((most, wait) =>
    wait.end - wait.start > most.end - most.start ? wait : most,
  );
  const culprits = new SiteTotals();
  for (const wait of waits) {
    for (const { start, end, acquisition } of wait.segments) {
      culprits.add(holds.get(holdKey(lock, acquisition))?.site ?? 0, end - start);
    }
  }
  const victims = new SiteTotals();
  for (const wait of waits) victims.add(wait.site, wait.end - wait.start);
  return {
    lock: nameOf(lock),
    waits: waits.length,
    totalWait,
    worstWait: worst.end - worst.start,
    share: poolWall === 0 ? 0 : totalWait / poolWall,
    mostWaiting: mostAtOnce(waits),
    threads: [...new Set(waits.map((wait) => wait.thread))].sort((a, b) => a - b),
    culprits: culprits.rows(trace),
    victims: victims.rows(trace),
    chain: chainBehind(lock, waits, holds, ofTurn).map(nameOf),
    worstInterval: { start: worst.start, end: worst.end, thread: worst.thread },
  };
}

class SiteTotals {
  readonly #totals = new Map<number, { waits: number; total: number; worst: number }>();

  add(site: number, nanos: number): void {
    const known = this.#totals.get(site) ?? { waits: 0, total: 0, worst: 0 };
    known.waits++;
    known.total += nanos;
    known.worst = Math.max(known.worst, nanos);
    this.#totals.set(site, known);
  }

  /** Sites that are known come before the unknown one. */
  rows(trace: Trace): SiteWaits[] {
    return [...this.#totals]
      .map(([site, totals]) => ({ site: siteOf(trace, site), ...totals }))
      .sort(
        (first, second) =>
          Number(first.site === undefined) - Number(second.site === undefined) ||
          second.total - first.total,
      );
  }
}

function turnKey({ thread, turn }: Pick<LockWait, "thread" | "turn">): string {
  return `${thread} ${turn}`;
}

/** So many pairs of holds and waits are looked at: what goes beyond is no chain that anybody could read. */
const mostPairs = 200_000;

/** Locks that the holders of `lock` waited for themselves while others waited for them, most common first. */
function chainBehind(
  lock: number,
  waits: readonly LockWait[],
  holds: ReadonlyMap<string, LockHold>,
  ofTurn: ReadonlyMap<string, readonly LockWait[]>,
): number[] {
  const culprits = new Set<LockHold>();
  for (const wait of waits) {
    for (const { acquisition } of wait.segments) {
      const hold = holds.get(holdKey(lock, acquisition));
      if (hold !== undefined) culprits.add(hold);
    }
  }
  const behind = new Map<number, number>();
  let pairs = 0;
  for (const hold of culprits) {
    const own = ofTurn.get(turnKey(hold)) ?? [];
    pairs += own.length;
    if (pairs > mostPairs) break;
    for (const wait of own) {
      if (wait.lock === lock || wait.start < hold.start || wait.start > hold.end) continue;
      behind.set(wait.lock, (behind.get(wait.lock) ?? 0) + wait.end - wait.start);
    }
  }
  return [...behind].sort((first, second) => second[1] - first[1]).map(([each]) => each);
}
