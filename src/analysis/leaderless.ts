// Times in which events wait, a follower is idle, and no leader can take them: nobody leads, or the
// leader's thread is at a turn's code. What the pattern must not let persist (I4). Waking a
// follower takes tens of microseconds, so short gaps are its normal price; only long ones are a
// breach.

import { firstAtLeast } from "../trace/time-order.ts";
import type { Breach } from "./report.ts";

export interface Change {
  readonly at: number;
  /** The event that waits or waits no more; 0 for a change of a follower's. */
  readonly event: number;
  /** Of the events that wait. */
  readonly waiting: number;
  /** Of the followers that are idle: that run none of their turns. */
  readonly idle: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ThreadSpan extends Span {
  readonly thread: number;
}

/** A time without a leader that could take them though events waited and a follower was idle. */
export interface Gap extends Span {
  /** Thread time that was lost in it: of the idle followers, those for whom an event waited. */
  readonly lost: number;
}

/**
 * Of one handle set. `reigns` are spans of leadership in which the leader can take events, by their
 * starts; `end` is the trace's.
 */
export function leaderlessGaps(
  changes: readonly Change[],
  reigns: readonly Span[],
  end: number,
): Gap[] {
  const [first] = reigns;
  if (first === undefined) return [];
  const ordered = changes.toSorted((one, other) => one.at - other.at);
  const gaps: Gap[] = [];
  let next = 0;
  let waiting = 0;
  let idle = 0;
  for (const { start, end: until } of vacancies(reigns, end)) {
    let since: number | undefined;
    let lost = 0;
    let at = start;
    const advance = (to: number): void => {
      if (since !== undefined) lost += Math.min(waiting, idle) * (to - Math.max(at, since));
      at = to;
    };
    for (; next < ordered.length && (ordered[next]?.at ?? 0) < until; next++) {
      const change = ordered[next];
      if (change === undefined) continue;
      if (change.at >= start) advance(change.at);
      waiting += change.waiting;
      idle += change.idle;
      if (change.at < start) continue;
      const open = waiting > 0 && idle > 0;
      if (open && since === undefined) since = Math.max(start, change.at);
      if (!open && since !== undefined) {
        gaps.push({ start: since, end: change.at, lost });
        since = undefined;
        lost = 0;
      }
    }
    if (since === undefined) continue;
    advance(until);
    gaps.push({ start: since, end: until, lost });
  }
  return gaps;
}

/** Where nobody led, from the first leader on. */
function vacancies(reigns: readonly Span[], end: number): Span[] {
  const found: Span[] = [];
  let covered = reigns[0]?.end ?? end;
  for (const { start, end: until } of reigns) {
    if (start > covered) found.push({ start: covered, end: start });
    covered = Math.max(covered, until);
  }
  if (covered < end) found.push({ start: covered, end });
  return found;
}

/**
 * A machine with more threads than processors may keep any one of them off for tens of milliseconds, between any two steps. A
 * wake-up that was lost lasts until the next event, or for ever.
 */
const longestAllowed = 100_000_000;

/**
 * What of the gaps is a breach. While a follower that was promoted is on its way, however slow the
 * machine is to run it, the pattern holds: that is a slow hand-off. `onTheirWay` are those times.
 * `busy`: in which a leader ran a turn.
 */
export function persistentGaps(
  gaps: readonly Span[],
  onTheirWay: readonly Span[],
  busy: readonly ThreadSpan[],
): Breach[] {
  const left = without(onTheirWay);
  const starts = Float64Array.from(busy, ({ start }) => start);
  return gaps
    .flatMap((gap) => (isLong(gap) ? left(gap) : []))
    .filter(isLong)
    .map(({ start, end }) => ({
      invariant: "I4",
      at: start,
      thread: -1,
      sentence:
        `For ${((end - start) / 1e6).toFixed(1)} ms events waited and a follower was idle, but ` +
        whyNoLeader(busy[firstAtLeast(starts, starts.length, end) - 1], start),
    }));
}

/** `last` is the last of the busy times that began before the gap's end. */
function whyNoLeader(last: ThreadSpan | undefined, start: number): string {
  return last === undefined || last.end <= start
    ? "nobody led."
    : `thread ${last.thread}, which led, was in a handler.`;
}

function isLong({ start, end }: Span): boolean {
  return end - start > longestAllowed;
}

/** What the spans cover, as spans that do not overlap, ascending. */
export function union(spans: readonly Span[]): Span[] {
  const found: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    const last = found.at(-1);
    if (last === undefined || start > last.end) found.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return found;
}

/** The parts of a span that none of the others cover. */
export function without(others: readonly Span[]): (span: Span) => Span[] {
  const ordered = others.toSorted((first, second) => first.start - second.start);
  // Of each: the latest end up to it. They ascend, whatever the spans do.
  const reach = new Float64Array(ordered.length);
  ordered.forEach(({ end }, index) => {
    reach[index] = Math.max(end, reach[index - 1] ?? 0);
  });
  return (span) => {
    const left: Span[] = [];
    let { start } = span;
    for (let index = firstAtLeast(reach, reach.length, start); ; index++) {
      const other = ordered[index];
      if (other === undefined || other.start >= span.end) break;
      if (other.end <= start) continue;
      if (other.start > start) left.push({ start, end: other.start });
      start = other.end;
    }
    return start < span.end ? [...left, { start, end: span.end }] : left;
  };
}
