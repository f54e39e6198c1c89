// One after the other, whatever they are and do. Fair only among equal pools with events of equal cost.

import type { BalancingStrategy } from "../group-front.ts";
import { chosen } from "./chosen.ts";

export function roundRobin(): BalancingStrategy {
  let next = 0;
  return {
    name: "round-robin",
    choose: (_event, pools) => chosen(pools, next++ % pools.length),
  };
}
