// The concurrency models: each shares events among threads in its own way, and in each every accepted event has exactly one
// outcome, whatever dies.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import type { Worker } from "node:worker_threads";
import { analyze } from "../../src/analysis/analyze.ts";
import { modelNames, type ModelName } from "../../src/runtime/models/model-named.ts";
import { dieAtEachStep } from "../support/die-at-each-step.ts";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";

const objects = resolve("test/fixtures/handlers/objects.ts");
const deaths = resolve("test/fixtures/handlers/deaths.ts");
const others: readonly ModelName[] = modelNames.filter((model) => model !== "leader-followers");

describe("concurrency models", () => {
  for (const model of others) {
    for (const queue of ["fifo", "priority"] as const) {
      it(`${model}, ${queue}: each event has one outcome, though threads die`, async () => {
        const { pool, end } = await startTracedPool({ threads: 3, model, queue });
        const results = await Promise.allSettled(
          Array.from({ length: 600 }, (_, index) => {
            const type = index % 150 === 70 ? "die" : index % 3 === 0 ? "count" : "echo";
            return pool.submit({ type, payload: index, priority: index % 8, key: index % 7 });
          }),
        );
        assert.equal(await pool.submit({ type: "echo", payload: "alive" }), "alive");
        await pool.close();
        const failed = results.filter(({ status }) => status === "rejected").length;
        assert.ok(failed >= 4, "four events end their thread");
        const { submitted, settled } = pool.counts();
        assert.deepEqual([submitted, settled], [601, 601]);
        const report = analyze(end());
        assert.deepEqual(report.breaches, []);
        assert.equal(report.events.outcomes.completed + report.events.outcomes.failed, 601);
      }).timeout(240_000);
    }

    it(`${model}: a death at any step loses nothing`, async () => {
      await dieAtEachStep(await startPool({ threads: 2, model }, {}, deaths), {
        steps: [0, 48, 3],
        doomed: (step) => ({ key: step }),
        beside: (index) => ({ key: index }),
        alive: [1, 2, 3, 4].map((key) => ({ key })),
      });
    }).timeout(240_000);
  }

  for (const model of modelNames.filter((name) => name !== "monitor-object")) {
    it(`${model}: handlers that await what they submitted never wait for themselves`, async () => {
      for (const type of ["nest", "nestLater"]) {
        const pool = await startPool({ threads: 2, model });
        const depths = await Promise.all(
          [3, 5, 8].map((payload) => pool.submit({ type, payload })),
        );
        assert.deepEqual(depths, [3, 5, 8]);
        await pool.close();
      }
    });
  }

  it("half-sync/half-async goes on when its front thread dies", async () => {
    const workers: Worker[] = [];
    const seen = (worker: Worker): void => void workers.push(worker);
    process.on("worker", seen);
    const pool = await startPool({ threads: 2, model: "half-sync-half-async" });
    for (let death = 0; death < 6; death++) {
      const results = Promise.all(
        Array.from({ length: 200 }, (_, payload) => pool.submit({ type: "echo", payload })),
      );
      // The front thread is started last, and so is each one that replaces it.
      await workers.at(-1)?.terminate();
      assert.equal((await results).length, 200);
      // Comes only through the front thread that replaces it.
      assert.equal(await pool.submit({ type: "echo", payload: death }), death);
    }
    process.off("worker", seen);
    await pool.close();
    assert.ok(workers.length > 3, "no front thread was replaced");
  }).timeout(240_000);

  it("active object: one thread for a key, all threads for many keys", async () => {
    const pool = await startPool({ threads: 3, model: "active-object" }, {}, objects);
    const threadsOf = (key: number): Promise<unknown[]> =>
      Promise.all(Array.from({ length: 20 }, () => pool.submit({ type: "whichThread", key })));
    const byKey = await Promise.all(Array.from({ length: 40 }, (_, key) => threadsOf(key)));
    await pool.close();
    for (const threads of byKey) assert.equal(new Set(threads).size, 1);
    assert.deepEqual([...new Set(byKey.flat())].toSorted(), [1, 2, 3]);
  });

  it("monitor object: any thread, but one at a time in an object", async () => {
    const pool = await startPool({ threads: 4, model: "monitor-object" }, {}, objects);
    const most = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        pool.submit({ type: "enter", payload: index % 4, key: index % 4 }),
      ),
    );
    await pool.close();
    assert.deepEqual([...new Set(most)], [1]);
  });

  it("event loop: one thread, which starts other events while one awaits", async () => {
    const pool = await startPool({ threads: 4, model: "event-loop" }, {}, objects);
    const threads = Array.from({ length: 10 }, () => pool.submit({ type: "whichThread" }));
    const most = await Promise.all(
      Array.from({ length: 10 }, () => pool.submit({ type: "enter", payload: 0 })),
    );
    assert.deepEqual([...new Set(await Promise.all(threads))], [1]);
    await pool.close();
    assert.ok(Math.max(...most.map(Number)) > 1);
  });

  it("names what a model does not allow", async () => {
    await assert.rejects(
      startPool({ model: "monitor-object", concurrentEvents: 4 }),
      /concurrentEvents: 4 is not allowed with model "monitor-object"/,
    );
    await assert.rejects(
      startPool({ model: "active-object", threads: 100 }),
      /threads: 100 is not allowed; give a whole number from 1 to 64/,
    );
    await assert.rejects(
      startPool({ model: "reactor" as "event-loop" }),
      /model: "reactor" is not allowed/,
    );
  });
});
