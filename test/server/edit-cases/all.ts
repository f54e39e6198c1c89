// The whole table.

import { twins, woken } from "./calls.ts";
import { counters } from "./counters.ts";
import type { EditCase } from "./edit-case.ts";
import { locks } from "./locks.ts";
import { orders } from "./orders.ts";
import { moved, released, waits, worked } from "./regions.ts";

export const editCases: readonly EditCase[] = [
  ...counters,
  ...twins,
  ...woken,
  ...released,
  ...moved,
  ...worked,
  ...waits,
  ...orders,
  ...locks,
];
