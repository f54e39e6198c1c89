// Waits on a condition that nothing tells of, for tests. It gives up before mocha does and says what did not come: a loop that
// outlives its test would keep the process alive, and a processor busy, for ever.

import { setTimeout as pause } from "node:timers/promises";

const limitMillis = 25_000;

/** Asks about every millisecond until `condition` holds; rejects after 25 s with `what`. */
export async function until(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + limitMillis;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`not within ${limitMillis} ms: ${typeof what === "string" ? what : what()}`);
    }
    await pause(1);
  }
}
