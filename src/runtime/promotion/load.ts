// Balances by load: of the idle threads the one with the fewest live turns, then the one that has worked least, goes first. A
// thread with nearly as many turns as it may have declines to lead while another is idle (as nginx's processes do with
// connections).

import type { PromotionProtocol } from "./which-follower.ts";

export const load: PromotionProtocol = {
  name: "load",
  measures: true,
  declines: true,
  prefers: (first, second) =>
    first.live === second.live
      ? // Wraps: compared by difference.
        ((first.busy - second.busy) | 0) < 0
      : first.live < second.live,
};
