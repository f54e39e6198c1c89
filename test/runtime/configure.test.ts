// What a running pool goes by is changed while events wait and run: none may be lost, run twice, or wait for ever.

import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import { at } from "../../src/base/assert.ts";
import { analyze } from "../../src/analysis/analyze.ts";
import { headOf, timelineOf } from "../../src/presentation/timeline/timeline.ts";
import type { EventRequest } from "../../src/runtime/handler.ts";
import type { PoolChanges } from "../../src/runtime/pool-front.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";
import { startTracedPool } from "../support/traced-pool.ts";

const queues = ["fifo", "priority", "deadline"] as const;
const promotions = ["lifo", "fifo", "priority", "load", "speed"] as const;

describe("configure", () => {
  type Queue = (typeof queues)[number];
  const orders: readonly { from: Queue; to: Queue; is: string }[] = [
    { from: "fifo", to: "priority", is: "2 4 1 3" },
    { from: "fifo", to: "deadline", is: "3 1 2 4" },
    { from: "priority", to: "deadline", is: "3 1 2 4" },
    { from: "deadline", to: "priority", is: "2 4 1 3" },
    { from: "priority", to: "fifo", is: "1 2 3 4" },
    { from: "deadline", to: "fifo", is: "1 2 3 4" },
  ];
  for (const { from, to, is } of orders) {
    it(`has events that wait under "${from}" go in the order of "${to}"`, async () => {
      assert.equal(await orderOf(await startPool({ threads: 1, queue: from }), { queue: to }), is);
    });
  }

  it("keeps the order of the queue that a front thread hands over to", async () => {
    const pool = await startPool({ threads: 1, model: "half-sync-half-async" });
    assert.equal(await orderOf(pool, { queue: "priority" }), "2 4 1 3");
  });

  it("is by the last of several changes", async () => {
    const pool = await startPool({ threads: 1 });
    const changes = [...queues, ...queues, "priority" as const].map((queue) => ({ queue }));
    assert.equal(await orderOf(pool, ...changes), "2 4 1 3");
  });

  for (const model of ["leader-followers", "half-sync-half-async", "active-object"] as const) {
    it(`loses and doubles no event whatever is switched meanwhile (${model})`, async () => {
      const { pool, end } = await startTracedPool({ threads: 3, queue: "deadline", model });
      const count = await underChanges(pool, ["eager", "barge", "on-demand"], withNested);
      await pool.close();
      const { submitted, settled, failed } = pool.counts();
      assert.deepEqual([submitted, settled, failed], [count, count, 0]);
      assert.equal(pool.stats().queue.depth, 0);
      const report = analyze(end());
      assert.deepEqual(report.breaches, []);
      assert.equal(report.events.outcomes.completed, count);
    });
  }

  it("loses and doubles none on the way to the late moment and back", async () => {
    const pool = await startPool({ threads: 4 });
    const count = await underChanges(pool, ["late", "on-demand"], plain);
    await pool.close();
    assert.deepEqual([pool.counts().submitted, pool.counts().settled], [count, count]);
  });

  it("loses no event when threads die meanwhile, and ends each once", async () => {
    const pool = await startPool({ threads: 3, retries: 1 });
    const changing = changeFor(pool, ["eager", "on-demand"]);
    const events = Array.from({ length: 160 }, (_, index) => index);
    const ends = await Promise.allSettled(
      events.map((index) =>
        pool.submit({ ...plain(index), ...(index % 40 === 7 ? { type: "die" } : {}) }),
      ),
    );
    changing.end();
    await pool.close();
    assert.equal(ends.filter(({ status }) => status === "rejected").length, 4);
    assert.deepEqual([pool.counts().submitted, pool.counts().settled], [160, 160]);
  });

  it("still cancels an event that waits while its entry is given another ring", async () => {
    const { pool, release } = await held(await startPool({ threads: 1 }));
    const cancels = Array.from({ length: 50 }, () => new AbortController());
    const events = cancels.map(({ signal }, index) =>
      pool.submit({ type: "echo", priority: index % 8 }, { signal }),
    );
    pool.configure({ queue: "priority" });
    for (const cancel of cancels) cancel.abort(new Error("enough"));
    const ends = await Promise.allSettled(events);
    assert.ok(ends.every(({ status }) => status === "rejected"));
    await release();
    // Whoever cancels is told at once; the turn that held the thread is counted when it has ended.
    await until("51 events cancelled", () => pool.counts().cancelled === 51);
    assert.equal(await pool.submit({ type: "echo", payload: 9 }), 9);
    assert.equal(pool.stats().queue.depth, 0, "the thread has passed over stale entries");
    await pool.close();
  });

  it("marks the change on the timeline, and tells whoever subscribes", async () => {
    const told: unknown[] = [];
    const hear = (message: unknown): void => void told.push(message);
    subscribe("poolscope:configured", hear);
    const { pool, end } = await startTracedPool({ threads: 2, maxThreads: 3 });
    pool.configure({ queue: "deadline", when: "eager" });
    pool.configure({ threads: 3, promotion: "fifo" });
    pool.configure({ threads: 3 });
    await pool.close();
    unsubscribe("poolscope:configured", hear);
    const trace = end();
    assert.deepEqual(
      headOf(timelineOf(trace), trace, 1).changes.map(({ text }) => text),
      ["queue deadline, when eager", "promotion fifo, threads 3"],
    );
    assert.deepEqual(told[1], { queue: "deadline", when: "eager", promotion: "fifo", threads: 3 });
  });

  it("refuses what can't change, and then changes nothing", async () => {
    const pool = await startPool({ threads: 1, queue: "priority", whenFull: "shed-lowest" });
    const own = new URL("file:///own.mjs");
    const refused: readonly (readonly [object, RegExp])[] = [
      [{ model: "event-loop" }, /^model can't change while the pool runs/],
      [{ treads: 3 }, /^There is no option "treads"\. Did you mean "threads"\?/],
      [{ promotion: own }, /^promotion: file:\/\/\/own\.mjs can't be loaded while the pool runs/],
      [{ promotion: "best" }, /^promotion: "best" is not allowed; give one of lifo, fifo/],
      [{ when: "soon" }, /^when: "soon" is not allowed; give one of eager/],
      [{ when: "eager", threads: 9 }, /^threads: 9 is not allowed/],
      [{ queue: "fifo" }, /"shed-lowest" is not allowed with queue "fifo"/],
    ];
    for (const [changes, sentence] of refused) {
      assert.throws(
        () => pool.configure(changes),
        (error: Error) => error instanceof RangeError && sentence.test(error.message),
      );
    }
    assert.equal(await orderOf(pool, { when: "on-demand" }), "2 4 1 3");
  });

  it("refuses a queue that the memory of a model with lanes has no rings for", async () => {
    const narrow = await startPool({ threads: 2, model: "active-object" });
    assert.throws(
      () => narrow.configure({ queue: "priority" }),
      /laid out for fifo; start it with/,
    );
    assert.throws(() => narrow.configure({ threads: 1 }), /threads can't change with model/);
    await narrow.close();
    const wide = await startPool({ threads: 1, model: "active-object", queue: "deadline" });
    assert.equal(await orderOf(wide, { queue: "fifo" }, { queue: "priority" }), "2 4 1 3");
  });
});

/** The pool's threads are held until `release`, which resolves when it is free. */
async function held(pool: ThreadPool): Promise<{ pool: ThreadPool; release(): Promise<void> }> {
  const { threads } = pool.stats();
  const holds = Array.from({ length: threads.wanted }, () => {
    const gate = new AbortController();
    const ended = pool.submit({ type: "untilAborted" }, { signal: gate.signal });
    return { gate, ended: ended.catch(() => undefined) };
  });
  await until("an empty queue", () => pool.stats().queue.depth === 0);
  const release = async (): Promise<void> => {
    for (const { gate } of holds) gate.abort();
    await Promise.all(holds.map(({ ended }) => ended));
  };
  return { pool, release };
}

/** In which order four events start that wait while the changes are made. Closes the pool. */
async function orderOf(started: ThreadPool, ...changes: readonly PoolChanges[]): Promise<string> {
  const { pool, release } = await held(started);
  const events: readonly EventRequest[] = [
    { priority: 1, deadline: 4000 },
    { priority: 7, deadline: 50_000 },
    { priority: 0, deadline: 1000 },
    { priority: 6, deadline: 60_000 },
  ];
  const noted = events.map((event, index) =>
    pool.submit({ ...event, type: "note", payload: index + 1 }),
  );
  for (const change of changes) pool.configure(change);
  await release();
  await Promise.all(noted);
  const order = (await pool.submit({ type: "noted" })) as readonly number[];
  await pool.close();
  return order.slice(1, 5).join(" ");
}

function plain(index: number): EventRequest {
  const type = index % 2 === 0 ? "count" : "echo";
  return {
    type,
    payload: index,
    priority: (index * 3) % 8,
    deadline: 1 + ((index * 7919) % 30_000),
  };
}

/** Every fifth has handlers submit two more. */
function withNested(index: number): EventRequest {
  return index % 5 === 0 ? { ...plain(index), type: "nest", payload: 2 } : plain(index);
}

/** Changes everything at each turn of the event loop until it is ended, or the test is given up. */
function changeFor(
  pool: ThreadPool,
  moments: readonly NonNullable<PoolChanges["when"]>[],
): { end(): void } {
  let going = true;
  const change = async (): Promise<void> => {
    const limit = performance.now() + 30_000;
    for (let step = 0; going && performance.now() < limit; step++) {
      pool.configure({
        queue: at(queues, step % queues.length),
        promotion: at(promotions, step % promotions.length),
        when: at(moments, step % moments.length),
      });
      await turn();
    }
  };
  const changing = change();
  void changing;
  return {
    end: () => {
      going = false;
    },
  };
}

/** Resolves when all that `request` gives have completed, with how many events that were. */
async function underChanges(
  pool: ThreadPool,
  moments: readonly NonNullable<PoolChanges["when"]>[],
  request: (index: number) => EventRequest,
): Promise<number> {
  const changing = changeFor(pool, moments);
  const requests = Array.from({ length: 200 }, (_, index) => request(index));
  const bursts = 6;
  for (let burst = 0; burst < bursts; burst++) {
    await Promise.all(requests.map((event) => pool.submit(event)));
  }
  changing.end();
  const of = (type: string): number => requests.filter((each) => each.type === type).length;
  assert.equal(await pool.submit({ type: "counted" }), bursts * of("count"), "each ran once");
  return bursts * (requests.length + 2 * of("nest")) + 1;
}
