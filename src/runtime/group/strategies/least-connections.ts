// The pool with the fewest events in flight for its weight: follows the load whatever the events cost, at the price of looking at
// every pool, and of all deciding alike when several groups stand before the same pools.

import type { BalancingStrategy } from "../group-front.ts";
import { cheapest, loadOf } from "./chosen.ts";

export function leastConnections(): BalancingStrategy {
  let start = 0;
  return {
    name: "least-connections",
    choose: (_event, pools) => cheapest(pools, loadOf, start++),
  };
}
