// Latency of each handler as a histogram with bars of equal ratio, so that a tail of a hundred times the median still shows.

import { largestOf, smallestOf } from "../base/extremes.ts";
import type { HistogramBar } from "../protocol/panel-state.ts";
import { totalOf, type EventTable } from "./event-table.ts";
import { duration } from "./format.ts";

const barsPerDoubling = 4;

export interface Histogram {
  readonly bars: readonly HistogramBar[];
  /** Number of its first bar: bar n begins at 2^(n / barsPerDoubling) ns. */
  readonly first: number;
}

/** By the names of those handlers that are `shown`; empty bars between the first and the last are there too. */
export function histograms(
  table: EventTable,
  handlers: readonly string[],
  shown: ReadonlySet<string>,
): Map<string, Histogram> {
  const counts = new Map<number, Map<number, number>>();
  for (const event of table.events) {
    const total = totalOf(table, event);
    if (!(total >= 0)) continue;
    const handler = table.handler[event] ?? 0;
    const bars = counts.get(handler) ?? new Map<number, number>();
    counts.set(handler, bars);
    const bar = barOf(total);
    bars.set(bar, (bars.get(bar) ?? 0) + 1);
  }
  return new Map(
    [...counts].flatMap(([handler, bars]): [string, Histogram][] => {
      const name = handlers[handler] ?? `handler ${handler}`;
      return shown.has(name) ? [[name, filled(bars)]] : [];
    }),
  );
}

/** Where a duration stands in a histogram, in bars from its left edge. */
export function placeIn({ first }: Histogram, nanos: number): number {
  return Math.log2(Math.max(1, nanos)) * barsPerDoubling - first;
}

function barOf(nanos: number): number {
  return Math.floor(Math.log2(Math.max(1, nanos)) * barsPerDoubling);
}

function filled(counts: ReadonlyMap<number, number>): Histogram {
  const numbers = [...counts.keys()];
  const first = smallestOf(numbers);
  const last = largestOf(numbers);
  const bars = Array.from({ length: last - first + 1 }, (_, index) => {
    const bar = first + index;
    return {
      from: duration(2 ** (bar / barsPerDoubling)),
      to: duration(2 ** ((bar + 1) / barsPerDoubling)),
      count: counts.get(bar) ?? 0,
    };
  });
  return { bars, first };
}
