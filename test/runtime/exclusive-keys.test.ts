// Exclusive keys: events of one key run one at a time and in order, on whichever thread; those of other keys pass them; nothing is
// left waiting when a key gets free, whoever frees it.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { dieAtEachStep } from "../support/die-at-each-step.ts";
import { outliveDeaths } from "../support/outlive-deaths.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

const objects = resolve("test/fixtures/handlers/objects.ts");
const deaths = resolve("test/fixtures/handlers/deaths.ts");
const exclusiveKeys = true;

const started = (options: PoolOptions): Promise<ThreadPool> =>
  startPool({ exclusiveKeys, ...options }, {}, objects);

type Work = "spin" | "sleep" | "none" | "die";

/** What went wrong with each event, and whether two keys were ever at work at once. */
async function visit(
  pool: ThreadPool,
  events: number,
  keys: number,
  workOf: (index: number) => Work,
): Promise<{ readonly wrong: readonly string[]; readonly together: boolean }> {
  const ends = await Promise.all(
    Array.from({ length: events }, (_, index) => {
      const payload = { key: index % keys, number: index + 1, work: workOf(index) };
      return pool.submit({ type: "alone", payload, key: index % keys });
    }),
  );
  const told = ends as readonly (readonly [string, number])[];
  return {
    wrong: told.map(([text]) => text).filter((text) => text !== ""),
    together: told.some(([, others]) => others > 0),
  };
}

describe("exclusive keys", () => {
  for (const { threads, when, queue, concurrentEvents } of [
    { threads: 1, when: "on-demand", queue: "fifo", concurrentEvents: 8 },
    { threads: 2, when: "eager", queue: "fifo", concurrentEvents: 1 },
    { threads: 4, when: "barge", queue: "fifo", concurrentEvents: 3 },
    { threads: 4, when: "on-demand", queue: "priority", concurrentEvents: 2 },
    { threads: 8, when: "on-demand", queue: "fifo", concurrentEvents: 1 },
  ] as const) {
    it(`run one at a time, in order, beside others: ${threads}, ${when}, ${queue}, ${concurrentEvents} at once`, async () => {
      const pool = await started({ threads, when, queue, concurrentEvents });
      const works = ["spin", "sleep", "none"] as const;
      const { wrong, together } = await visit(pool, 700, 7, (index) => works[index % 3] ?? "none");
      await pool.close();
      assert.deepEqual(wrong, []);
      assert.ok(together, "no two keys were ever at work at once");
    });
  }

  it("go on after one that slept, from a quiet pool too, whoever leads", async () => {
    for (const when of ["eager", "barge", "on-demand"] as const) {
      const pool = await started({ threads: 3, when, concurrentEvents: 2 });
      for (let round = 0; round < 60; round++) {
        const pair = [0, 1].map((each) =>
          pool.submit({
            type: "alone",
            payload: { key: 1, number: 2 * round + each + 1, work: each === 0 ? "sleep" : "none" },
            key: "one",
          }),
        );
        assert.deepEqual(
          (await Promise.all(pair)).map((told) => (told as [string, number])[0]),
          ["", ""],
        );
      }
      await pool.close();
    }
  });

  it("keep no thread from the events of other keys, or of none, however many wait", async () => {
    const pool = await started({ threads: 1, concurrentEvents: 2, capacity: 256 });
    const held = pool.submit({ type: "untilOpen", payload: 1, key: "busy" });
    let passed = 0;
    const behind = Array.from({ length: 200 }, () =>
      pool.submit({ type: "untilOpen", payload: 0, key: "busy" }).then(() => passed++),
    );
    for (let lone = 0; lone < 600; lone++) {
      const keyed = lone % 2 === 0 ? { key: lone } : {};
      assert.equal(await pool.submit({ type: "echo", payload: lone, ...keyed }), lone);
    }
    assert.equal(passed, 0, "the key is busy all the while");
    await pool.submit({ type: "open", payload: 1 });
    await Promise.all([held, ...behind]);
    await pool.close();
  });

  it("let an event be cancelled that waits for its key", async () => {
    const pool = await started({ threads: 1, concurrentEvents: 2 });
    const held = pool.submit({ type: "untilOpen", payload: 1, key: "busy" });
    const cancel = new AbortController();
    const waits = { type: "echo", payload: 1, key: "busy" };
    const cancelled = pool.submit(waits, { signal: cancel.signal });
    const behind = pool.submit({ ...waits, payload: 2 });
    await until("the first has its key", () => pool.stats().queue.depth === 2);
    cancel.abort(new Error("enough"));
    await assert.rejects(cancelled, /enough/);
    await pool.submit({ type: "open", payload: 1 });
    await held;
    assert.equal(await behind, 2);
    await pool.close();
  });

  it("await events of other keys, and never wait for themselves", async () => {
    const pool = await started({ threads: 2 });
    const depths = await Promise.all(
      Array.from({ length: 16 }, (_, key) =>
        pool.submit({ type: "nestUp", payload: { depth: 5, key }, key }),
      ),
    );
    assert.deepEqual([...new Set(depths)], [5]);
    await pool.close();
  });

  it("have one outcome each, though threads die that hold them", () =>
    outliveDeaths({
      options: { threads: 4, exclusiveKeys },
      events: 800,
      deaths: new Set([70, 270, 470, 670]),
      keyOf: (index) => (index % 3 === 0 ? {} : { key: index % 14 }),
    })).timeout(60_000);

  for (const keys of [
    { exclusiveKeys },
    { exclusiveKeys: false, association: "hybrid" },
  ] as const) {
    it(`keep their order where an event runs again after its thread's death: ${Object.keys(keys).at(-1) ?? ""}`, async () => {
      const pool = await started({ ...keys, threads: 3, retries: 1 });
      const { wrong } = await visit(pool, 300, 5, (index) => (index % 37 === 5 ? "die" : "none"));
      await pool.close();
      assert.deepEqual(wrong, []);
      assert.ok(pool.stats().lost >= 8, "the threads did not die");
    });
  }

  it("are free again after a death at any step", async () => {
    await dieAtEachStep(await startPool({ threads: 2, exclusiveKeys }, {}, deaths), {
      steps: [0, 96, 3],
      doomed: (step) => ({ key: step % 2 }),
      beside: (index) => ({ key: index % 3 }),
      alive: [{ key: 0 }, { key: 1 }, { key: 2 }, {}],
    });
  }).timeout(120_000);

  it("name what they do not go with", async () => {
    for (const [options, message] of [
      [{ model: "active-object" }, /^exclusiveKeys is not allowed with model "active-object"/],
      [{ association: "hybrid" }, /with association "hybrid", where a key's events have their/],
      [{ handleSets: 2 }, /with handleSets 2, whose leaders/],
      [{ exclusiveKeys: 1 as never }, /^exclusiveKeys: 1 is not allowed; give true or false/],
    ] as const) {
      await assert.rejects(started(options), { name: "RangeError", message });
    }
  });
});
