// What overload protection does, in the pool's log: looked at now and then from the main thread, since it is done in every thread
// and at a rate that no log could follow.

import { readCounts } from "../memory/counts.ts";
import { circuitOf } from "../overload/breaker.ts";
import { breakers } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { PoolLog } from "./log.ts";

const lookEveryMillis = 1000;

export interface OverloadLog {
  /** Tells what is still untold. */
  close(): void;
}

/** `handlers` grows. The timer keeps no process alive. */
export function logOverload(
  memory: PoolMemory,
  handlers: () => readonly string[],
  log: PoolLog,
): OverloadLog {
  let shed = 0;
  const states = new Map<number, string>();
  const look = (): void => {
    const now = readCounts(memory).shed;
    if (now > shed) log.tell("warn", "shed", `${now - shed} events were shed.`);
    shed = now;
    for (const [handler, name] of handlers().slice(0, breakers).entries()) {
      const state = circuitOf(memory, handler);
      if (state === (states.get(handler) ?? "closed")) continue;
      states.set(handler, state);
      log.tell("warn", "circuit", `The circuit of handler "${name}" is ${state}.`);
    }
  };
  const timer = setInterval(look, lookEveryMillis).unref();
  return {
    close: () => {
      clearInterval(timer);
      look();
    },
  };
}
