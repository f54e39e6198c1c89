// Smooth weighted round robin whose weights come from measured load: a pool that takes twice as long for its events as the
// fastest gets half the share. Never less than a twentieth, or a pool that was slow once could not show that it is no more.

import type { BalancingStrategy, PoolView } from "../group-front.ts";
import { smoothly } from "./weighted-round-robin.ts";

const leastShare = 0.05;

export function dynamicRoundRobin(): BalancingStrategy {
  return { name: "dynamic-round-robin", choose: smoothly(speedOf) };
}

function speedOf(pool: PoolView, pools: readonly PoolView[]): number {
  let fastest = Infinity;
  for (const { latencyMillis } of pools) {
    if (latencyMillis > 0) fastest = Math.min(fastest, latencyMillis);
  }
  const relative = pool.latencyMillis === 0 ? 1 : fastest / pool.latencyMillis;
  return pool.weight * Math.max(leastShare, relative);
}
