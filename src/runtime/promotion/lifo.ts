// Last in, first out: the thread that ran most recently leads next, while its caches are warm (POSA2's first choice).

import type { PromotionProtocol } from "./which-follower.ts";

export const lifo: PromotionProtocol = {
  name: "lifo",
  // Tickets wrap: compare by difference.
  prefers: (first, second) => ((first.ticket - second.ticket) | 0) > 0,
};
