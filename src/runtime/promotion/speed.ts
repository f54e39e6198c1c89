// Balances by measured speed: the idle thread whose recent events took the least time goes first, so that a thread on a slow or
// busy processor gets fewer. One that was passed over for long is measured again.

import type { PromotionProtocol } from "./which-follower.ts";

const passedOver = 64;

export const speed: PromotionProtocol = {
  name: "speed",
  measures: true,
  declines: false,
  prefers: (first, second) => {
    if (Math.max(first.age, second.age) >= passedOver) return first.age > second.age;
    return first.pace < second.pace;
  },
};
