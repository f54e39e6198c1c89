// Which follower was woken to lead, and how long it took: hand-off latency (promoted -> leads), and
// the times in which one was on its way.

import { groupBy } from "../base/group-by.ts";
import { firstAtLeast } from "../trace/time-order.ts";
import { union, type ThreadSpan } from "./leaderless.ts";
import type { SeenEvent } from "./scan.ts";

export interface Promotion {
  readonly at: number;
  /** The follower that was woken, -1 for none. */
  readonly to: number;
  /** One of several that were woken at once, as none was sure to come: whoever is first leads. */
  together: boolean;
}

export interface Promotions {
  /** Of leadership, by their starts. */
  readonly spans: readonly ThreadSpan[];
  readonly promotions: readonly Promotion[];
  /** By pool thread: when its role changed, ascending. */
  readonly roleTimes: ReadonlyMap<number, readonly number[]>;
}

/** From a record; `before` is the promotion whose record stands right before it. */
export function promotionOf({ time, a }: SeenEvent, before: Promotion | undefined): Promotion {
  const together = a > 0 && before !== undefined && before.to >= 0;
  if (together) before.together = true;
  return { at: time, to: a - 1, together };
}

/**
 * From each promotion until the follower that it woke runs as leader. One that came too late,
 * because another had taken leadership, was woken for nothing and has no hand-off.
 */
export function handOffsOf(found: Promotions): number[] {
  const reigns = groupBy(found.spans, ({ thread }) => thread);
  const nextReign = nextOf(found.spans);
  const wakes = groupBy(found.promotions, ({ to }) => to);
  return [...wakes].flatMap(([thread, promotions]) => {
    const starts = Float64Array.from(reigns.get(thread) ?? [], ({ start }) => start);
    const ordered = promotions.toSorted((first, second) => first.at - second.at);
    return ordered.flatMap(({ at, together }, index) => {
      const start = starts[firstAtLeast(starts, starts.length, at)];
      const next = ordered[index + 1]?.at ?? Infinity;
      if (thread < 0 || start === undefined || start >= next) return [];
      return together && start > nextReign(at) ? [] : [start - at];
    });
  });
}

/** A promoted follower is given this long to run: I7's bound. */
const longestWay = 1_000_000_000;

/** When the next thread begins to lead after a moment. */
function nextOf(spans: Promotions["spans"]): (at: number) => number {
  const starts = Float64Array.from(spans, ({ start }) => start);
  return (at) => starts[firstAtLeast(starts, starts.length, at)] ?? Infinity;
}

/**
 * From each promotion until the follower's next change of role; of several that were woken at once,
 * until one leads. Of one thread no two overlap, however many promotions it has without coming.
 */
export function onTheirWay({ promotions, roleTimes, spans }: Promotions): ThreadSpan[] {
  const nextReign = nextOf(spans);
  const sorted = new Map(
    [...roleTimes].map(([thread, times]) => [thread, Float64Array.from(times)]),
  );
  const ways = promotions.flatMap(({ at, to, together }) => {
    const times = sorted.get(to);
    if (times === undefined) return [];
    const next = times[firstAtLeast(times, times.length, at)] ?? Infinity;
    const end = Math.min(next, together ? nextReign(at) : Infinity, at + longestWay);
    return [{ thread: to, start: at, end }];
  });
  return [...groupBy(ways, ({ thread }) => thread)].flatMap(([thread, own]) =>
    union(own).map((span) => ({ thread, ...span })),
  );
}
