// One pool for one key (an event's key, else its client, else its type), as long as the pools stay the same. Weighted rendezvous
// hashing (Thaler and Ravishankar 1998; weights: Schindelhauer and Schomaker 2005): each pool draws a number for the key, the
// largest wins. A pool that comes takes only the keys that it now wins, one that goes gives up only its own.

import type { BalancingStrategy } from "../group-front.ts";
import { cheapest } from "./chosen.ts";

export function consistentHash(): BalancingStrategy {
  return {
    name: "consistent-hash",
    choose: (event, pools) => {
      const key = String(event.key ?? event.client ?? event.type ?? "");
      // -weight / ln(u) for u uniform in 0 to 1 is largest with probability weight / sum of weights.
      return cheapest(pools, ({ name, weight }) => -Math.log(uniform(key, name)) / weight);
    },
  };
}

/** Above 0 and below 1, the same for the same texts: FNV-1a, mixed by MurmurHash3's finalizer. */
function uniform(key: string, pool: string): number {
  let hash = 0x811c9dc5;
  for (const text of [key, "\u0000", pool]) {
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return ((hash >>> 0) + 0.5) / 2 ** 32;
}
