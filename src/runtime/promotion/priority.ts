// By the thread's own priority, its number: thread 1 goes before thread 2. Few events keep few threads busy, and the last
// threads run only when the first are busy.

import type { PromotionProtocol } from "./which-follower.ts";

export const priority: PromotionProtocol = {
  name: "priority",
  measures: false,
  declines: false,
  prefers: (first, second) => first.seat < second.seat,
};
