// Texts that a trace names by number. Numbers are unique in the pool; the texts reach the trace by way of the supervisor.

import { step } from "../../sync/step.ts";
import { hot } from "./memory-fields.ts";
import type { PoolMemory } from "./pool-memory.ts";

/** `announce` is called once a text, with its number. */
export function stringInterner(
  memory: PoolMemory,
  announce: (id: number, text: string) => void,
): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    step("add", "string-number", 0);
    const id = Atomics.add(memory.words, hot.nextString, 1) + 1;
    known.set(text, id);
    announce(id, text);
    return id;
  };
}
