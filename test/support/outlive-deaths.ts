// A burst of events in a traced pool of which some end their threads: each must have exactly one outcome, and the trace must be one
// of a correct pool by our own validation.

import assert from "node:assert/strict";
import { analyze } from "../../src/analysis/analyze.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import { startTracedPool } from "./traced-pool.ts";

export interface Burst {
  readonly options: PoolOptions;
  readonly events: number;
  /** Which of them end their threads, by number. */
  readonly deaths: ReadonlySet<number>;
  /** None has a key by default. */
  readonly keyOf?: (index: number) => { readonly key?: number };
}

export async function outliveDeaths({
  options,
  events,
  deaths,
  keyOf = () => ({}),
}: Burst): Promise<void> {
  const { pool, end } = await startTracedPool(options);
  const results = await Promise.allSettled(
    Array.from({ length: events }, (_, index) => {
      const type = deaths.has(index) ? "die" : index % 3 === 0 ? "count" : "echo";
      return pool.submit({ type, payload: index, priority: index % 8, ...keyOf(index) });
    }),
  );
  await pool.close();
  assert.equal(results.filter(({ status }) => status === "rejected").length, deaths.size);
  const { submitted, settled } = pool.counts();
  assert.deepEqual([submitted, settled], [events, events]);
  const report = analyze(end());
  assert.deepEqual(report.breaches, []);
  assert.equal(report.events.submitted, events);
  assert.equal(report.events.outcomes.completed, events - deaths.size);
}
