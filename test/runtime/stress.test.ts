// Stress with real threads and random deaths: whatever the protocol, each event has exactly one outcome, and the trace that
// the run leaves is one of a correct pool by our own validation.

import fc from "fast-check";
import { outliveDeaths } from "../support/outlive-deaths.ts";

const events = 1200;

describe("thread pool under stress", () => {
  // A new seed each time; a failure prints it.
  const seed = Date.now() & 0xffff;
  const [numbers = []] = fc.sample(fc.array(fc.nat(events - 1), { minLength: 4, maxLength: 4 }), {
    numRuns: 1,
    seed,
  });
  const deaths = new Set(numbers);
  for (const threads of [1, 2, 4, 8]) {
    for (const promotion of ["lifo", "fifo"] as const) {
      for (const when of ["eager", "on-demand"] as const) {
        for (const queue of ["fifo", "priority"] as const) {
          it(`${threads} threads, ${promotion}, ${when}, ${queue} (seed ${seed})`, async () => {
            await outliveDeaths({ options: { threads, promotion, when, queue }, events, deaths });
          });
        }
      }
    }
  }
});
