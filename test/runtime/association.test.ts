// Handle/thread association and several handle sets: events with a key run on one thread, in order, whatever dies; each set has a
// leader of its own; and nothing waits beside threads that could take it.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { analyze } from "../../src/analysis/analyze.ts";
import { leadershipOf } from "../../src/analysis/leadership.ts";
import { dieAtEachStep } from "../support/die-at-each-step.ts";
import { outliveDeaths } from "../support/outlive-deaths.ts";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";

const objects = resolve("test/fixtures/handlers/objects.ts");
const deaths = resolve("test/fixtures/handlers/deaths.ts");
const hybrid = { association: "hybrid" } as const;

/** Two of three events have one. */
const keyAt = (index: number): { key?: number } => (index % 3 === 0 ? {} : { key: index });

const keys = [0, 1, 2, 3].map((key) => ({ key }));

const burst = { events: 800, deaths: new Set([70, 270, 470, 670]) };

describe("handle/thread association", () => {
  for (const when of ["eager", "barge", "on-demand"] as const) {
    it(`runs a key's events on one thread, those without a key on any: ${when}`, async () => {
      const pool = await startPool({ ...hybrid, threads: 3, when }, {}, objects);
      const sent = Array.from({ length: 600 }, (_, index) =>
        pool.submit({ type: "whichThread", key: index % 20 }),
      );
      const free = Array.from({ length: 200 }, () => pool.submit({ type: "enter", payload: 0 }));
      const threads = await Promise.all(sent);
      const byKey = Array.from({ length: 20 }, (_, key) => [
        ...new Set(threads.filter((_thread, index) => index % 20 === key)),
      ]);
      await Promise.all(free);
      await pool.close();
      for (const own of byKey) assert.equal(own.length, 1);
      assert.deepEqual([...new Set(byKey.flat())].toSorted(), [1, 2, 3]);
    });
  }

  it("binds types too, where all is bound", async () => {
    const pool = await startPool({ association: "bound", threads: 3 }, {}, objects);
    const threadsOf = async (event: { key?: number }): Promise<readonly unknown[]> => {
      const sent = Array.from({ length: 60 }, () => pool.submit({ type: "whichThread", ...event }));
      return [...new Set(await Promise.all(sent))];
    };
    assert.equal((await threadsOf({})).length, 1);
    const [ofOne] = await threadsOf({ key: 1 });
    for (let lone = 0; lone < 50; lone++) assert.deepEqual(await threadsOf({ key: 1 }), [ofOne]);
    const order = Array.from({ length: 40 }, (_, payload) =>
      pool.submit({ type: "sequence", payload }),
    );
    assert.equal((await Promise.all(order)).length, 40);
    await pool.close();
  });

  it("runs them in the order of submission, one at a time from a quiet pool too", async () => {
    const pool = await startPool({ ...hybrid, threads: 4 }, {}, objects);
    for (let round = 0; round < 30; round++) {
      const sent = Array.from({ length: 40 }, (_, payload) =>
        pool.submit({ type: "sequence", payload, key: round }),
      );
      const orders = (await Promise.all(sent)) as number[][];
      assert.deepEqual(
        orders.at(-1),
        Array.from({ length: 40 }, (_, payload) => payload),
      );
    }
    for (let lone = 0; lone < 200; lone++) {
      assert.equal(await pool.submit({ type: "echo", payload: lone, key: lone % 9 }), lone);
    }
    await pool.close();
  });

  for (const { threads, when, queue } of [
    { threads: 1, when: "eager", queue: "fifo" },
    { threads: 2, when: "on-demand", queue: "priority" },
    { threads: 4, when: "eager", queue: "priority" },
    { threads: 8, when: "on-demand", queue: "fifo" },
  ] as const) {
    it(`each event has one outcome, though threads die: ${threads}, ${when}, ${queue}`, async () => {
      await outliveDeaths({
        options: { ...hybrid, threads, when, queue },
        ...burst,
        keyOf: (index) => (index % 2 === 0 ? { key: index % 14 } : {}),
      });
    }).timeout(60_000);
  }

  // A third of the steps under each moment; bench failures goes through all of them.
  for (const [offset, when] of (["eager", "on-demand"] as const).entries()) {
    it(`a death at any step loses nothing, and keys go to the replacement: ${when}`, async () => {
      await dieAtEachStep(await startPool({ ...hybrid, threads: 2, when }, {}, deaths), {
        steps: [offset, 84, 3],
        doomed: keyAt,
        beside: keyAt,
        alive: [...keys, {}],
      });
    }).timeout(120_000);
  }

  it("never waits for itself: turns that await events of their own and of others' keys", async () => {
    const pool = await startPool({ ...hybrid, threads: 2 }, {}, objects);
    const depths = await Promise.all(
      Array.from({ length: 24 }, (_, key) =>
        pool.submit({ type: "nestByKey", payload: { depth: 7, key, keys: 5 }, key }),
      ),
    );
    assert.deepEqual([...new Set(depths)], [7]);
    await pool.close();
  });

  it("names what it does not allow", async () => {
    await assert.rejects(
      startPool({ ...hybrid, model: "monitor-object" }),
      /association: "hybrid" is not allowed with model "monitor-object"; leave it out/,
    );
    await assert.rejects(
      startPool({ ...hybrid, maxThreads: 5 }),
      /maxThreads: 5 is not allowed with association "hybrid", where keys belong to threads/,
    );
    await assert.rejects(
      startPool({ association: "tied" as "bound" }),
      /association: "tied" is not allowed; give one of unbound, bound, hybrid/,
    );
    const pool = await startPool(hybrid);
    assert.throws(() => pool.resize(1), /threads can't change with association "hybrid"/);
    await pool.close();
  });
});

describe("several handle sets", () => {
  for (const when of ["barge", "on-demand"] as const) {
    it(`has a leader for each at once, and one at most: ${when}`, async () => {
      const { pool, end } = await startTracedPool({ threads: 4, handleSets: 3, when });
      for (let round = 0; round < 30; round++) {
        await Promise.all(
          Array.from({ length: 20 }, (_, key) =>
            pool.submit({ type: key % 4 === 0 ? "count" : "echo", payload: key, key }),
          ),
        );
        // Until all sleep again.
        await pool.submit({ type: "timer", key: round });
      }
      await pool.close();
      const trace = end();
      const report = analyze(trace);
      assert.deepEqual(report.breaches, []);
      assert.equal(report.events.outcomes.completed, 630);
      const { spans } = leadershipOf(trace);
      assert.deepEqual([...new Set(spans.map(({ set }) => set))].toSorted(), [0, 1, 2]);
      const atOnce = spans.some((one) =>
        spans.some(
          (other) => one.set !== other.set && one.start < other.end && other.start < one.end,
        ),
      );
      assert.ok(atOnce, "two sets never had leaders at the same time");
    });
  }

  for (const { threads, association, queue } of [
    { threads: 1, association: "unbound", queue: "fifo" },
    { threads: 2, association: "unbound", queue: "priority" },
    { threads: 4, association: "hybrid", queue: "fifo" },
    { threads: 4, association: "bound", queue: "priority" },
    { threads: 8, association: "unbound", queue: "fifo" },
  ] as const) {
    it(`each event has one outcome, though threads die: ${threads}, ${association}, ${queue}`, async () => {
      await outliveDeaths({
        options: { threads, association, queue, handleSets: 3 },
        ...burst,
        keyOf: keyAt,
      });
    }).timeout(60_000);
  }

  it("a death at any step loses nothing, whichever set the thread leads", async () => {
    await dieAtEachStep(await startPool({ threads: 2, handleSets: 3 }, {}, deaths), {
      steps: [0, 96, 3],
      doomed: (key) => ({ key }),
      beside: (key) => ({ key }),
      alive: keys,
    });
  }).timeout(120_000);

  it("one thread serves all sets, and never waits for itself", async () => {
    for (const threads of [1, 2, 3]) {
      const pool = await startPool({ threads, handleSets: 4 }, {}, objects);
      for (let lone = 0; lone < 100; lone++) {
        assert.equal(await pool.submit({ type: "echo", payload: lone, key: lone }), lone);
      }
      const depths = await Promise.all(
        Array.from({ length: 12 }, (_, key) =>
          pool.submit({ type: "nestByKey", payload: { depth: 6, key, keys: 5 }, key }),
        ),
      );
      assert.deepEqual([...new Set(depths)], [6]);
      await pool.close();
    }
    const later = await startPool({ threads: 1, handleSets: 2 });
    assert.equal(await later.submit({ type: "nestLater", payload: 3 }), 3);
    await later.close();
  });

  it("names what they do not go with", async () => {
    await assert.rejects(
      startPool({ handleSets: 2, when: "eager" }),
      /handleSets: 2 is not allowed with when "eager", which appoints one thread/,
    );
    await assert.rejects(
      startPool({ handleSets: 2, model: "active-object" }),
      /handleSets: 2 is not allowed with model "active-object"/,
    );
    await assert.rejects(startPool({ handleSets: 17 }), /handleSets: 17 is not allowed/);
    const pool = await startPool({ handleSets: 2 });
    assert.throws(() => pool.configure({ when: "eager" }), /not allowed with when "eager"/);
    assert.throws(() => pool.configure({ queue: "priority" }), /this pool of handleSets 2/);
    await pool.close();
  });
});
