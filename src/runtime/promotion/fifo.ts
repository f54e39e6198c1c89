// First in, first out: the thread that has been idle longest leads next, so that all threads run equally often.

import type { PromotionProtocol } from "./which-follower.ts";

export const fifo: PromotionProtocol = {
  name: "fifo",
  prefers: (first, second) => ((first.ticket - second.ticket) | 0) < 0,
};
