// What a pool thread is given when it starts: all that it builds its parts from.

import { threadOptionsOf } from "../check-pool-options.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";
import { ringOf, type PoolCore } from "../pool-core.ts";
import type { ThreadStart } from "./thread-messages.ts";

export function threadStart(
  { memory, options, rings, startNanos }: PoolCore,
  seat: number,
  duty: ThreadStart["duty"],
  prepared: PreparedModule,
  handlers: readonly string[],
): Omit<ThreadStart, "output"> {
  return {
    seat,
    name: duty === "front" ? "front" : `thread ${seat}`,
    parts: memory.parts,
    ring: ringOf(rings, seat),
    prepared,
    handlers: [...handlers],
    options: threadOptionsOf(options),
    startNanos: String(startNanos),
    duty,
  };
}
