// Last in, first out: the thread that ran most recently leads next, while its caches are warm (POSA2's first choice). A valve
// against starvation: one that was passed over for long goes first.

import type { PromotionProtocol } from "./which-follower.ts";

/** Threads that became idle since: rare enough to leave the caches warm. */
const passedOver = 256;

export const lifo: PromotionProtocol = {
  name: "lifo",
  measures: false,
  declines: false,
  prefers: (first, second) => {
    const waitedLonger = first.age > second.age;
    const longest = waitedLonger ? first.age : second.age;
    return longest >= passedOver ? waitedLonger : !waitedLonger;
  },
};
