// The table of promotion protocols by name. A person's own comes from a module: see own-protocol.ts.

import { fifo } from "./fifo.ts";
import { lifo } from "./lifo.ts";
import { load } from "./load.ts";
import { priority } from "./priority.ts";
import { speed } from "./speed.ts";
import type { PromotionProtocol } from "./which-follower.ts";

export const promotions = ["lifo", "fifo", "priority", "load", "speed"] as const;
export type PromotionName = (typeof promotions)[number];

export const protocols: Readonly<Record<PromotionName, PromotionProtocol>> = {
  lifo,
  fifo,
  priority,
  load,
  speed,
};
