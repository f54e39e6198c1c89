// Who held a lock while a thread waited for it. The waiter itself sees the holder change only when it is woken and comes too
// late; holds that were recorded tell it exactly. Between a release and the next acquire the wait is still charged to the
// hold that ended: that is its hand-over.

import { firstAtLeast } from "../trace/time-order.ts";
import type { LockHold, LockWait, WaitSegment } from "./waits.ts";

/**
 * Segments of all waits together. Each of the turns that wait for a lock at once has a segment
 * for each of its holds, which in a crafted trace grows with the square of its events.
 */
const mostSegments = 1_000_000;
/** Of a large trace as many for each wait and hold: on average so many turns may wait at once. */
const mostSegmentsEach = 16;

/**
 * Waits whose segments follow the recorded holds. A stretch that no hold covers keeps the owner
 * that the waiter saw, as does each wait that comes when there are as many segments as may be.
 */
export function segmentByHolds(waits: readonly LockWait[], holds: readonly LockHold[]): LockWait[] {
  const byLock = holdsByLock(holds);
  let left = Math.max(mostSegments, mostSegmentsEach * (waits.length + holds.length));
  return waits.map((wait) => {
    const own = byLock.get(wait.lock);
    if (own === undefined || left <= 0) return wait;
    const segments = segmentsOf(wait, own);
    left -= segments.length;
    return { ...wait, segments };
  });
}

interface SortedHolds {
  readonly holds: readonly LockHold[];
  readonly starts: Float64Array;
}

function holdsByLock(holds: readonly LockHold[]): Map<number, SortedHolds> {
  const byLock = new Map<number, LockHold[]>();
  for (const hold of holds) {
    const known = byLock.get(hold.lock);
    if (known === undefined) byLock.set(hold.lock, [hold]);
    else known.push(hold);
  }
  return new Map(
    [...byLock].map(([lock, each]) => {
      const sorted = each.toSorted((first, second) => first.start - second.start);
      return [lock, { holds: sorted, starts: Float64Array.from(sorted, ({ start }) => start) }];
    }),
  );
}

function segmentsOf(wait: LockWait, { holds, starts }: SortedHolds): readonly WaitSegment[] {
  const segments: WaitSegment[] = [];
  const { start, end } = wait;
  let index = firstAtLeast(starts, starts.length, start);
  // A mutex is held once at a time: only the hold before may reach into the wait.
  if (index > 0 && (holds[index - 1]?.end ?? 0) > start) index--;
  const first = holds[index];
  if (first === undefined || first.start >= end) return wait.segments;
  const seen = wait.segments[0];
  // An owner takes the word first and numbers its hold after: until then a waiter reads the number of the hold before.
  const isFirst = seen?.owner === first.thread;
  if (seen !== undefined && first.start > start && !isFirst) {
    // And a waiter that is slow reads the number after the word has changed again: the owner is what it surely saw.
    const before = holds[index - 1];
    const { acquisition } = before?.thread === seen.owner ? before : seen;
    segments.push({ ...seen, acquisition, start, end: Math.min(first.start, end) });
  }
  for (; index < holds.length; index++) {
    const hold = holds[index];
    if (hold === undefined || hold.start >= end || isOwn(hold, wait)) break;
    const until = Math.min(end, holds[index + 1]?.start ?? end);
    segments.push({
      start: isFirst && hold === first ? start : Math.max(start, hold.start),
      end: until,
      owner: hold.thread,
      acquisition: hold.acquisition,
    });
  }
  return segments.length === 0 ? wait.segments : segments;
}

/** Turns of one thread wait for each other too. */
function isOwn(hold: LockHold, wait: LockWait): boolean {
  return hold.thread === wait.thread && hold.turn === wait.turn;
}
