// The nearest region that has a pool, by a table; within it the pool with the least load. An event of no region, or of one that
// is not in the table, may go anywhere.

import type { BalancingStrategy, PoolView } from "../group-front.ts";
import { cheapest, loadOf } from "./chosen.ts";

export function geographic(
  regions: Readonly<Record<string, readonly string[]>>,
): BalancingStrategy {
  let start = 0;
  return {
    name: "geographic",
    choose: ({ region }, pools) => cheapest(nearest(regions, region, pools), loadOf, start++),
  };
}

function nearest(
  regions: Readonly<Record<string, readonly string[]>>,
  from: string | undefined,
  pools: readonly PoolView[],
): readonly PoolView[] {
  if (from === undefined) return pools;
  for (const region of [from, ...(regions[from] ?? [])]) {
    const there = pools.filter((pool) => pool.region === region);
    if (there.length > 0) return there;
  }
  return pools;
}
