// Events of all kinds, cancelled at any moment, in all models, while the pool closes or not: each has one outcome, which its caller and the
// trace agree about, and the pool closes.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { analyze } from "../../src/analysis/analyze.ts";
import type { CloseOptions } from "../../src/runtime/pool-front.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";

const stubborn = resolve("test/fixtures/handlers/stubborn.ts");
/** More of them by hand, with another seed: POOLSCOPE_TEST_ROUNDS, POOLSCOPE_TEST_SEED. */
const rounds = Number(process.env["POOLSCOPE_TEST_ROUNDS"] ?? 8);

interface Event {
  readonly type: string;
  readonly millis: number;
  readonly key: number | undefined;
  readonly atMillis: number;
  /** After its submission; undefined for never. */
  readonly abortMillis: number | undefined;
}

const models: readonly PoolOptions[] = [
  ...(["eager", "barge", "on-demand"] as const).map((when) => ({ when })),
  { when: "barge", handleSets: 2 },
  { association: "bound" },
  { association: "hybrid" },
  { exclusiveKeys: true },
  { model: "half-sync-half-async" },
  { model: "active-object" },
  { model: "monitor-object" },
  { model: "event-loop" },
];

const often = fc.constantFrom("echo", "busyFor", "deafFor", "obey", "obeyBusily", "lock");
const seldom = fc.constantFrom("loop", "block", "neverSettle", "spinMicrotasks", "hangHolding");

const event: fc.Arbitrary<Event> = fc.record({
  type: fc.oneof({ weight: 6, arbitrary: often }, { weight: 1, arbitrary: seldom }),
  millis: fc.nat(30),
  key: fc.option(fc.nat(3), { nil: undefined }),
  atMillis: fc.nat(100),
  abortMillis: fc.option(fc.nat(120), { nil: undefined }),
});

const scenario = fc.record({
  model: fc.constantFrom(...models),
  more: fc.record({
    threads: fc.constantFrom(1, 2, 3),
    retries: fc.constantFrom(0, 1),
    capacity: fc.constantFrom(4, 64),
    handlerGrace: fc.constantFrom(0, 20, 100),
    handlerDeadline: fc.constantFrom(0, 150),
    queue: fc.constantFrom("fifo" as const, "priority" as const),
  }),
  several: fc.boolean(),
  events: fc.array(event, { minLength: 1, maxLength: 30 }),
  closeAtMillis: fc.nat(200),
  close: fc.record({
    pending: fc.constantFrom("drain" as const, "cancel" as const),
    withinMillis: fc.constantFrom(0, 300, 1500),
  }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

/** What became of an event for the one who submitted it. */
type End = "completed" | "aborted" | "closed" | "failed";

async function run(pool: ThreadPool, each: Event): Promise<End | "refused"> {
  const { type, millis, key, atMillis, abortMillis } = each;
  await pause(atMillis);
  const cancel = new AbortController();
  const why = new Error(`aborted after ${abortMillis}`);
  if (abortMillis !== undefined) setTimeout(() => cancel.abort(why), abortMillis);
  const keyed = key === undefined ? {} : { key };
  try {
    const { signal } = cancel;
    await pool.submit({ type, payload: { millis }, priority: millis % 8, ...keyed }, { signal });
    return "completed";
  } catch (error) {
    if (error === why) return "aborted";
    const { name } = error as Error;
    if (name === "PoolClosedError") return "refused";
    return name === "AbortError" ? "closed" : "failed";
  }
}

function optionsOf({ model, more, several }: Scenario): PoolOptions {
  const mayHaveSeveral = model.model !== "monitor-object";
  return {
    ...more,
    ...model,
    ...(several && mayHaveSeveral ? { concurrentEvents: 4 } : {}),
    ...(model.handleSets === undefined ? {} : { threads: 3 }),
  };
}

async function play(given: Scenario): Promise<void> {
  const options = optionsOf(given);
  const { pool, end } = await startTracedPool(options, stubborn);
  const all = given.events.map((each) => run(pool, each));
  await pause(given.closeAtMillis);
  await pool.close(given.close satisfies CloseOptions);
  const ends = await Promise.all(all);
  const count = (...kinds: readonly (End | "refused")[]): number =>
    ends.filter((each) => kinds.includes(each)).length;
  const { submitted, settled, failed, cancelled, shed } = pool.counts();
  assert.equal(settled, submitted, "missing or doubled");
  assert.deepEqual(
    { completed: settled - failed - cancelled - shed, failed },
    { completed: count("completed"), failed: count("failed") },
  );
  // What waited for a place was not accepted yet.
  assert.ok(cancelled <= count("aborted", "closed"));
  const report = analyze(end());
  // How long nobody leads while threads are ended is a question of time, and of the machine.
  const breaches = report.breaches.filter(({ invariant }) => invariant !== "I4");
  assert.deepEqual(breaches, []);
  const { outcomes } = report.events;
  assert.deepEqual(
    [outcomes.completed, outcomes.failed, outcomes.cancelled],
    [settled - failed - cancelled - shed, failed, cancelled],
  );
}

describe("cancelling anything at any time", () => {
  it("leaves each event one outcome, which its caller and the trace agree about", async () => {
    await fc.assert(fc.asyncProperty(scenario, play), {
      numRuns: rounds,
      endOnFailure: true,
      seed: Number(process.env["POOLSCOPE_TEST_SEED"] ?? 17),
    });
  }).timeout(30_000 * Math.max(8, rounds));
});
