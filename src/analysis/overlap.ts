// How much of a stretch of time spans cover. The spans are by their starts and do not overlap.

import { firstAtLeast } from "../trace/time-order.ts";

interface Span {
  readonly start: number;
  readonly end: number;
}

export function coverOf(spans: readonly Span[]): (start: number, end: number) => number {
  const starts = Float64Array.from(spans, ({ start }) => start);
  return (start, end) => {
    let covered = 0;
    // The one before may reach in.
    for (let index = Math.max(0, firstAtLeast(starts, starts.length, start) - 1); ; index++) {
      const span = spans[index];
      if (span === undefined || span.start >= end) return covered;
      covered += Math.max(0, Math.min(end, span.end) - Math.max(start, span.start));
    }
  };
}
