// Circles among waits: of waits that have not ended by the trace's last moment, and of those that were refused because they would
// have closed one. Nodes are turns, since an asynchronous wait keeps its turn and not its thread.

import { groupBy } from "../base/group-by.ts";
import { firstAtLeast } from "../trace/time-order.ts";
import type { Seen } from "./records.ts";
import type { LockHold, LockUse, LockWait } from "./waits.ts";

export interface WaitsFor {
  readonly wait: LockWait;
  /** Who holds what it waits for. */
  readonly owner: { readonly thread: number; readonly turn: number };
  /** Where the owner took it; 0 when that was not recorded. */
  readonly ownerSite: number;
}

export type Circle = readonly WaitsFor[];

/** What was recorded of who held and waited, beside waits and holds that are over. */
export interface Snapshots {
  readonly holdSeen: readonly Seen[];
  readonly stateSeen: readonly Seen[];
}

/** Of waits that are still open at `end`, and lasted at least `leastNanos` by then. */
export function openCircles(
  use: LockUse,
  snapshots: Snapshots,
  end: number,
  leastNanos: number,
): Circle[] {
  const open = use.waits.filter(
    ({ outcome, start }) => outcome === undefined && end - start >= leastNanos,
  );
  const blocked = blockedThreads(snapshots);
  const holds = lastHolds(snapshots);
  const waits = open.flatMap((wait): WaitsFor[] => {
    const owner = ownerNow(wait, holds);
    return owner === undefined ? [] : [{ wait, ...owner }];
  });
  const ofTurn = groupBy(waits, ({ wait }) => `${wait.thread} ${wait.turn}`);
  const ofThread = groupBy(waits, ({ wait }) => wait.thread);
  const onLock = groupBy(waits, ({ wait }) => `${wait.thread} ${wait.lock}`);
  const next = ({ owner: { thread, turn } }: WaitsFor): WaitsFor | undefined =>
    ofTurn.get(`${thread} ${turn}`)?.[0] ??
    // A thread that blocks in one turn keeps its other turns too.
    (turn === 0 ? ofThread.get(thread)?.[0] : onLock.get(`${thread} ${blocked.get(thread)}`)?.[0]);
  return circlesOf(waits, next);
}

/** By thread: the lock that it was last seen blocked on. */
function blockedThreads({ stateSeen }: Snapshots): ReadonlyMap<number, number> {
  const blocked = new Map<number, number>();
  for (const { thread, b } of stateSeen) blocked.set(thread, b - 1);
  return blocked;
}

/** By `thread lock`: how that thread was last seen holding that lock. */
function lastHolds({ holdSeen }: Snapshots): ReadonlyMap<string, Seen> {
  return new Map(holdSeen.map((seen) => [`${seen.thread} ${seen.a}`, seen]));
}

function ownerNow(
  wait: LockWait,
  holds: ReadonlyMap<string, Seen>,
): Omit<WaitsFor, "wait"> | undefined {
  const thread = wait.segments.at(-1)?.owner ?? -1;
  if (thread < 0) return undefined;
  const seen = holds.get(`${thread} ${wait.lock}`);
  return { owner: { thread, turn: seen?.turn ?? 0 }, ownerSite: seen?.b ?? 0 };
}

function circlesOf(
  waits: readonly WaitsFor[],
  next: (of: WaitsFor) => WaitsFor | undefined,
): Circle[] {
  const seen = new Set<WaitsFor>();
  const circles: Circle[] = [];
  for (const start of waits) {
    // A set, in the order in which the waits were met.
    const path = new Set<WaitsFor>();
    let at: WaitsFor | undefined = start;
    while (at !== undefined && !path.has(at) && !seen.has(at)) {
      path.add(at);
      at = next(at);
    }
    for (const each of path) seen.add(each);
    if (at === undefined || !path.has(at)) continue;
    const met = [...path];
    circles.push(met.slice(met.indexOf(at)));
  }
  return circles;
}

/** Those that a refused wait would have closed: who waited at that moment for what the refused one held. */
export function refusedCircles(use: LockUse): Circle[] {
  const refused = use.waits.filter(({ outcome }) => outcome === "deadlock");
  if (refused.length === 0) return [];
  const holdsOf = byStart(groupBy(use.holds, ({ lock }) => lock));
  const waitsOf = byStart(groupBy(use.waits, ({ thread }) => thread));
  return refused
    .map((wait) => chainFrom(holdsOf, waitsOf, wait))
    .filter((circle) => circle.length > 0);
}

const longestCircle = 16;

function chainFrom(
  holdsOf: ReadonlyMap<number, ByStart<LockHold>>,
  waitsOf: ReadonlyMap<number, ByStart<LockWait>>,
  refused: LockWait,
): Circle {
  const at = refused.end;
  const circle: WaitsFor[] = [];
  let wait: LockWait | undefined = refused;
  while (wait !== undefined && circle.length < longestCircle) {
    const waiter: number = wait.thread;
    const hold = coveringAt(holdsOf.get(wait.lock), at, (each) => each.thread !== waiter);
    const thread: number =
      hold?.thread ?? wait.segments.findLast(({ start }) => start <= at)?.owner ?? -1;
    const owner = { thread, turn: hold?.turn ?? 0 };
    circle.push({ wait, owner, ownerSite: hold?.site ?? 0 });
    if (thread === refused.thread) return circle;
    wait = coveringAt(waitsOf.get(thread), at, () => true);
  }
  // The chain was not recorded to its end: what is known of it is told.
  return circle;
}

interface ByStart<T> {
  readonly items: readonly T[];
  readonly starts: Float64Array;
}

function byStart<T extends { readonly start: number }>(
  groups: ReadonlyMap<number, readonly T[]>,
): Map<number, ByStart<T>> {
  return new Map(
    [...groups].map(([key, each]) => {
      const items = each.toSorted((one, other) => one.start - other.start);
      return [key, { items, starts: Float64Array.from(items, ({ start }) => start) }];
    }),
  );
}

/** So many that began before a moment are looked at: a lock has no more holders at once, and a thread no more turns that wait. */
const reachBack = 256;

/** The first that covers a moment. */
function coveringAt<T extends { readonly end: number }>(
  of: ByStart<T> | undefined,
  at: number,
  isMeant: (item: T) => boolean,
): T | undefined {
  if (of === undefined) return undefined;
  const next = firstAtLeast(of.starts, of.starts.length, at + 0.5);
  return of.items
    .slice(Math.max(0, next - reachBack), next)
    .find((item) => item.end >= at && isMeant(item));
}
