// Percentiles of a set of durations, by sorting: exact, and fast enough for the millions that one trace holds.

import type { Distribution } from "./report.ts";

/** Nearest rank. */
export function distributionOf(values: number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const rank = (share: number): number =>
    sorted[Math.min(count - 1, Math.max(0, Math.ceil(share * count) - 1))] ?? 0;
  return {
    count,
    total: sorted.reduce((sum, value) => sum + value, 0),
    p50: rank(0.5),
    p90: rank(0.9),
    p99: rank(0.99),
    p999: rank(0.999),
    max: sorted[count - 1] ?? 0,
  };
}
