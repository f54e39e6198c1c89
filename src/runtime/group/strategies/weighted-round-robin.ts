// Smooth weighted round robin (nginx): each pool gains its weight at every event, the one with the most is chosen and pays the
// sum of all. With weights 5, 1, 1 the order is a a b a c a a, not a a a a a b c.

import type { BalancingStrategy, GroupEvent, PoolView } from "../group-front.ts";
import { cheapest } from "./chosen.ts";

export function weightedRoundRobin(): BalancingStrategy {
  const smooth = smoothly((pool) => pool.weight);
  return { name: "weighted-round-robin", choose: smooth };
}

/** By any weight, asked anew at each event. */
export function smoothly(
  weightOf: (pool: PoolView, pools: readonly PoolView[]) => number,
): (event: GroupEvent, pools: readonly PoolView[]) => PoolView {
  const gained = new Map<string, number>();
  return (_event, pools) => {
    let sum = 0;
    for (const pool of pools) {
      const weight = weightOf(pool, pools);
      sum += weight;
      gained.set(pool.name, (gained.get(pool.name) ?? 0) + weight);
    }
    const most = cheapest(pools, (pool) => -(gained.get(pool.name) ?? 0));
    gained.set(most.name, (gained.get(most.name) ?? 0) - sum);
    return most;
  };
}
