// First in, first out: the thread that has been idle longest leads next, so that all threads run equally often.

import type { PromotionProtocol } from "./which-follower.ts";

export const fifo: PromotionProtocol = {
  name: "fifo",
  measures: false,
  declines: false,
  prefers: (first, second) => first.age > second.age,
};
