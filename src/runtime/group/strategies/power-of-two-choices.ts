// Two pools at random, the less loaded of them (Azar et al. 1994, Mitzenmacher 1996): the fullest of n is then about ln ln n
// above the mean, where one random choice leaves it at ln n / ln ln n. Looks at two pools only, and several groups before the
// same pools do not all choose alike.

import type { BalancingStrategy } from "../group-front.ts";
import { chosen, loadOf } from "./chosen.ts";

export function powerOfTwoChoices(random: () => number): BalancingStrategy {
  return {
    name: "power-of-two-choices",
    choose: (_event, pools) => {
      const first = Math.floor(random() * pools.length);
      if (pools.length === 1) return chosen(pools, first);
      // Any but the first.
      const other = Math.floor(random() * (pools.length - 1));
      const one = chosen(pools, first);
      const two = chosen(pools, other >= first ? other + 1 : other);
      return loadOf(two) < loadOf(one) ? two : one;
    },
  };
}
