// Picks out of the pools that a strategy was given.

import { assert } from "../../../base/assert.ts";
import type { PoolView } from "../group-front.ts";

export function chosen(pools: readonly PoolView[], index: number): PoolView {
  const pool = pools[index];
  assert(pool !== undefined, "a strategy was asked to choose among no pools");
  return pool;
}

/** The pool with the least cost; among equals the first from `start` on, so that ties do not all go to one. */
export function cheapest(
  pools: readonly PoolView[],
  costOf: (pool: PoolView) => number,
  start = 0,
): PoolView {
  let best = chosen(pools, start % pools.length);
  let least = costOf(best);
  for (let step = 1; step < pools.length; step++) {
    const pool = chosen(pools, (start + step) % pools.length);
    const cost = costOf(pool);
    if (cost < least) [best, least] = [pool, cost];
  }
  return best;
}

/** Of a pool's share of the load: what it would have in flight with one event more, for its weight. */
export function loadOf({ inFlight, weight }: PoolView): number {
  return (inFlight + 1) / weight;
}
