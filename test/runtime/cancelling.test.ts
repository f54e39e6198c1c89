// Cancelling an event: its caller knows at once, it has one outcome, and a handler that does not end costs its thread.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { analyze } from "../../src/analysis/analyze.ts";
import type { HandlerFailure } from "../../src/runtime/pool-observer.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";
import { until } from "../support/until.ts";

const stubborn = resolve("test/fixtures/handlers/stubborn.ts");
const reason = new Error("not wanted");

let folder = "";
let marks = 0;

interface Started {
  readonly result: Promise<unknown>;
  readonly cancel: AbortController;
}

/** Resolves when the event's handler has begun. */
async function begun(pool: ThreadPool, type: string, millis = 0, key?: number): Promise<Started> {
  const began = join(folder, `mark-${++marks}`);
  const cancel = new AbortController();
  const keyed = key === undefined ? {} : { key };
  const { signal } = cancel;
  const result = pool.submit({ type, payload: { began, millis }, ...keyed }, { signal });
  result.catch(() => undefined);
  await until(`${type} has begun`, () => existsSync(began));
  return { result, cancel };
}

async function cancelled({ result, cancel }: Started): Promise<void> {
  cancel.abort(reason);
  await assert.rejects(result, reason);
}

async function withPool(
  options: PoolOptions,
  body: (pool: ThreadPool, failures: readonly HandlerFailure[]) => Promise<void>,
): Promise<void> {
  const failures: HandlerFailure[] = [];
  const failure = (each: HandlerFailure): void => void failures.push(each);
  const pool = await startPool({ handlerGrace: 50, ...options }, { failure }, stubborn);
  try {
    await body(pool, failures);
  } finally {
    await pool.close({ pending: "cancel", withinMillis: 3000 });
  }
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted, "each accepted event has exactly one outcome");
}

const endless = ["loop", "block", "neverSettle", "spinMicrotasks", "hangHolding"];

describe("cancelling", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const type of endless) {
    it(`tells the caller at once, and ends the thread of a handler that does not: ${type}`, () =>
      withPool({ threads: 1 }, async (pool, failures) => {
        await cancelled(await begun(pool, type));
        assert.equal(pool.counts().settled, 0, "it keeps its slot while its turn goes on");
        assert.equal(await pool.submit({ type: "echo", payload: "after" }), "after");
        assert.deepEqual(pool.counts().cancelled, 1);
        assert.equal(pool.stats().lost, 1);
        assert.deepEqual(failures, []);
        if (type === "hangHolding") assert.equal(await pool.submit({ type: "lock" }), true);
      }));
  }

  for (const type of ["deafFor", "busyFor", "obey", "obeyBusily"]) {
    it(`costs nobody anything when the handler settles within the grace: ${type}`, () =>
      withPool({ threads: 1, handlerGrace: 20_000 }, async (pool, failures) => {
        await cancelled(await begun(pool, type, 100));
        assert.equal(await pool.submit({ type: "echo", payload: "after" }), "after");
        const { cancelled: count, failed } = pool.counts();
        assert.deepEqual([count, failed, pool.stats().lost], [1, 0, 0]);
        assert.deepEqual(failures, []);
      }));
  }

  it("ends what else the thread had as at a death, and says whose cancel it was", () =>
    withPool({ threads: 1, concurrentEvents: 4 }, async (pool, failures) => {
      const other = await begun(pool, "deafFor", 60_000);
      await cancelled(await begun(pool, "neverSettle"));
      const told = /thread 1 was ended: event 2 \("neverSettle"\) was cancelled, and its handler/;
      await assert.rejects(other.result, { name: "ThreadDiedError", message: told });
      assert.deepEqual(
        failures.map(({ event }) => event),
        [1],
      );
    }));

  it("runs what else the thread had again, where retries allow it, but never what was cancelled", () =>
    withPool({ threads: 1, concurrentEvents: 4, retries: 2 }, async (pool) => {
      const other = await begun(pool, "deafFor", 500);
      await cancelled(await begun(pool, "neverSettle"));
      assert.equal(await other.result, "done all the same");
      const { settled, cancelled: count, failed } = pool.counts();
      assert.deepEqual([settled, count, failed], [2, 1, 0]);
    }));

  it("writes no dead letter", async () => {
    const deadLetters = join(folder, "dead.jsonl");
    await withPool({ threads: 1, deadLetters }, async (pool) => {
      await cancelled(await begun(pool, "loop"));
      await pool.submit({ type: "echo" });
    });
    assert.equal(existsSync(deadLetters) ? readFileSync(deadLetters, "utf8") : "", "");
  });

  it("is no crash loop, however often", () =>
    withPool({ threads: 1, handlerGrace: 0 }, async (pool) => {
      for (let round = 0; round < 14; round++) await cancelled(await begun(pool, "loop"));
      assert.equal(await pool.submit({ type: "echo", payload: "after" }), "after");
      assert.equal(pool.stats().lost, 14);
    })).timeout(120_000);

  it("frees the key of an event that was cancelled", () =>
    withPool({ threads: 2, exclusiveKeys: true }, async (pool) => {
      await cancelled(await begun(pool, "neverSettle", 0, 7));
      assert.equal(await pool.submit({ type: "echo", payload: "next", key: 7 }), "next");
    }));

  it("is there for events that handlers submit, too", () =>
    withPool({ threads: 2 }, async (pool) => {
      const nested = { type: "loop", payload: { began: join(folder, "nested") } };
      assert.equal(await pool.submit({ type: "cancelNested", payload: { nested } }), "not wanted");
      await until("the thread was ended", () => pool.counts().cancelled === 1);
    }));

  const models: readonly PoolOptions[] = [
    ...(["eager", "barge", "on-demand", "late"] as const).map((when) => ({ when })),
    { when: "barge", handleSets: 2, threads: 4 },
    { association: "bound" },
    ...(["half-sync-half-async", "active-object", "monitor-object"] as const).map((model) => ({
      model,
    })),
    { model: "event-loop" },
  ];
  for (const options of models) {
    it(`leaves a whole trace with one outcome each: ${JSON.stringify(options)}`, async () => {
      const { pool, end } = await startTracedPool(
        { threads: 2, handlerGrace: 200, ...options },
        stubborn,
      );
      await cancelled(await begun(pool, "neverSettle"));
      await cancelled(await begun(pool, "obey"));
      await cancelled(await begun(pool, "loop"));
      assert.equal(await pool.submit({ type: "echo", payload: "after" }), "after");
      await pool.close();
      const { submitted, settled, cancelled: count } = pool.counts();
      assert.deepEqual([submitted, settled, count], [4, 4, 3]);
      const report = analyze(end());
      // Late promotion is itself the breach that it is there to show.
      const breaches = report.breaches.filter(({ invariant }) => invariant !== "I2");
      assert.deepEqual(options.when === "late" ? breaches : report.breaches, []);
      assert.equal(report.events.outcomes.cancelled, 3);
    });
  }
});
