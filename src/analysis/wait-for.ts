// Circles among waits: of waits that have not ended by the trace's last moment, and of those that were refused because they would
// have closed one. Nodes are turns, since an asynchronous wait keeps its turn and not its thread.

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
  const waits = open.flatMap((wait): WaitsFor[] => {
    const owner = ownerNow(wait, snapshots);
    return owner === undefined ? [] : [{ wait, ...owner }];
  });
  const next = ({ owner }: WaitsFor): WaitsFor | undefined =>
    waits.find(({ wait }) => wait.thread === owner.thread && wait.turn === owner.turn) ??
    // A thread that blocks in one turn keeps its other turns too.
    waits.find(
      ({ wait }) =>
        wait.thread === owner.thread &&
        (owner.turn === 0 || blocked.get(owner.thread) === wait.lock),
    );
  return circlesOf(waits, next);
}

/** By thread: the lock that it was last seen blocked on. */
function blockedThreads({ stateSeen }: Snapshots): ReadonlyMap<number, number> {
  const blocked = new Map<number, number>();
  for (const { thread, b } of stateSeen) blocked.set(thread, b - 1);
  return blocked;
}

function ownerNow(wait: LockWait, { holdSeen }: Snapshots): Omit<WaitsFor, "wait"> | undefined {
  const thread = wait.segments.at(-1)?.owner ?? -1;
  if (thread < 0) return undefined;
  const seen = holdSeen.findLast((each) => each.a === wait.lock && each.thread === thread);
  return { owner: { thread, turn: seen?.turn ?? 0 }, ownerSite: seen?.b ?? 0 };
}

function circlesOf(
  waits: readonly WaitsFor[],
  next: (of: WaitsFor) => WaitsFor | undefined,
): Circle[] {
  const seen = new Set<WaitsFor>();
  const circles: Circle[] = [];
  for (const start of waits) {
    const path: WaitsFor[] = [];
    let at: WaitsFor | undefined = start;
    while (at !== undefined && !path.includes(at) && !seen.has(at)) {
      path.push(at);
      at = next(at);
    }
    for (const each of path) seen.add(each);
    const from = at === undefined ? -1 : path.indexOf(at);
    if (from !== -1) circles.push(path.slice(from));
  }
  return circles;
}

/** Those that a refused wait would have closed: who waited at that moment for what the refused one held. */
export function refusedCircles(use: LockUse): Circle[] {
  const refused = use.waits.filter(({ outcome }) => outcome === "deadlock");
  return refused.map((wait) => chainFrom(use, wait)).filter((circle) => circle.length > 0);
}

const longestCircle = 16;

function chainFrom(use: LockUse, refused: LockWait): Circle {
  const at = refused.end;
  const circle: WaitsFor[] = [];
  let wait: LockWait | undefined = refused;
  while (wait !== undefined && circle.length < longestCircle) {
    const hold: LockHold | undefined = holdAt(use, wait, at);
    const thread: number =
      hold?.thread ?? wait.segments.findLast(({ start }) => start <= at)?.owner ?? -1;
    const owner = { thread, turn: hold?.turn ?? 0 };
    circle.push({ wait, owner, ownerSite: hold?.site ?? 0 });
    if (thread === refused.thread) return circle;
    wait = use.waits.find(
      (other) => other.thread === thread && other.start <= at && other.end >= at,
    );
  }
  // The chain was not recorded to its end: what is known of it is told.
  return circle;
}

function holdAt({ holds }: LockUse, { lock, thread }: LockWait, at: number): LockHold | undefined {
  return holds.find(
    (hold) => hold.lock === lock && hold.thread !== thread && hold.start <= at && hold.end >= at,
  );
}
