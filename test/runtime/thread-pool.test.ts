// The pool with real threads: results, failures, deaths, order, cancellation, closing.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";

async function withPool(options: PoolOptions, body: (pool: ThreadPool) => Promise<void>) {
  const forced: string[] = [];
  const pool = await startPool(options, {
    warning: (message) => {
      if (message.includes("by force")) forced.push(message);
    },
  });
  try {
    await body(pool);
  } finally {
    await pool.close({ pending: "cancel", withinMillis: 5000 });
  }
  assert.deepEqual(forced, [], "each thread hears that the pool closes");
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted, "each accepted event has exactly one outcome");
}

describe("thread pool", () => {
  it("gives back what the handler returned, whatever its kind", () =>
    withPool({}, async (pool) => {
      const values = [1, "é", null, { a: [1, { b: true }] }, new Map([[1, new Set([2])]]), -0];
      values.push(new Date(7) as never, new Uint8Array([1, 2, 3]) as never, "x".repeat(300_000));
      for (const payload of [...values, undefined, Buffer.from("bytes"), 12n]) {
        assert.deepEqual(await pool.submit({ type: "echo", payload }), payload);
      }
    }));

  it("rejects with the handler's error, its cause and the person's line", () =>
    withPool({}, async (pool) => {
      await assert.rejects(pool.submit({ type: "fail", payload: 7 }), (error: Error) => {
        assert.equal(error.name, "TypeError");
        assert.equal(error.message, "bad 7");
        assert.equal((error.cause as Error).message, "deep");
        assert.match(error.stack ?? "", /kinds\.ts:31:9/);
        assert.doesNotMatch(error.stack ?? "", /turn-runner/, "what called the handler is ours");
        return true;
      });
    }));

  it("refuses an unknown type and an impossible priority before accepting", () =>
    withPool({}, async (pool) => {
      await assert.rejects(pool.submit({ type: "eco" }), /No handler for "eco"/);
      await assert.rejects(pool.submit({ type: "echo", priority: 9 }), /Priority 9/);
      assert.equal(pool.counts().submitted, 0);
    }));

  it("keeps a locked counter right over all threads", () =>
    withPool({ threads: 4 }, async (pool) => {
      await Promise.all(Array.from({ length: 2000 }, () => pool.submit({ type: "count" })));
      assert.equal(await pool.submit({ type: "counted" }), 2000);
    }));

  it("never deadlocks on handlers that await what they submitted", () =>
    withPool({ threads: 2 }, async (pool) => {
      const all = Array.from({ length: 6 }, () => pool.submit({ type: "nest", payload: 5 }));
      assert.deepEqual(await Promise.all(all), [5, 5, 5, 5, 5, 5]);
    }));

  it("tells results though the thread is busy with the next event, however long", () =>
    withPool({ threads: 1 }, async (pool) => {
      const folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
      for (let round = 0; round < 30; round++) {
        const payload = join(folder, String(round));
        // Short ones, each of which may be the last that is settled before the thread is busy.
        const short = Array.from({ length: 1 + 7 * round }, () => pool.submit({ type: "echo" }));
        const busy = pool.submit({ type: "untilFile", payload });
        await Promise.all(short);
        writeFileSync(payload, "");
        await busy;
      }
      rmSync(folder, { recursive: true });
    }));

  it("lets timers fire while it works", () =>
    withPool({ threads: 1, concurrentEvents: 8 }, async (pool) => {
      const timers = Array.from({ length: 8 }, () => pool.submit({ type: "timer" }));
      const work = Array.from({ length: 500 }, () => pool.submit({ type: "echo" }));
      assert.deepEqual([...new Set(await Promise.all(timers))], ["fired"]);
      await Promise.all(work);
    }));

  it("fails the event of a thread that dies, replaces the thread and goes on", () =>
    withPool({ threads: 1 }, async (pool) => {
      await assert.rejects(pool.submit({ type: "die" }), /thread 1 ended itself with exit code 3/);
      assert.equal(await pool.submit({ type: "echo", payload: "after" }), "after");
    }));

  it("runs an event again after its thread's death when retries allow it", () =>
    withPool({ threads: 1, retries: 1 }, async (pool) => {
      assert.equal(await pool.submit({ type: "dieOnce" }), "second run");
    }));

  it("takes over a dead thread's lock and says so", () =>
    withPool({ threads: 2 }, async (pool) => {
      await assert.rejects(pool.submit({ type: "dieHolding" }), /exit code 4/);
      assert.equal(await pool.submit({ type: "abandoned" }), true);
      assert.equal(await pool.submit({ type: "abandoned" }), false);
    }));

  it("ends a handler that never settles at its deadline", () =>
    withPool({ threads: 1, handlerDeadline: 200 }, async (pool) => {
      await assert.rejects(pool.submit({ type: "forever" }), (error: Error) => {
        assert.match(error.message, /forever did not settle within 200 ms/);
        assert.match(error.stack ?? "", /at forever \(.*kinds\.ts:\d+:\d+\)/);
        return true;
      });
      assert.equal(await pool.submit({ type: "echo", payload: 1 }), 1);
    }));

  it("cancels a queued event at once and tells a running handler", () =>
    withPool({ threads: 1 }, async (pool) => {
      const running = new AbortController();
      const queued = new AbortController();
      const first = pool.submit({ type: "untilAborted" }, { signal: running.signal });
      const second = pool.submit({ type: "echo" }, { signal: queued.signal });
      queued.abort();
      await assert.rejects(second, { name: "AbortError" });
      running.abort();
      await assert.rejects(first, { name: "AbortError" });
    }));

  it("starts events by priority, not by arrival, once a thread is free", () =>
    withPool({ threads: 1, queue: "priority" }, async (pool) => {
      const holding = pool.submit({ type: "timer" });
      const events = [1, 3, 2].map((priority) =>
        pool.submit({ type: "note", payload: priority, priority }),
      );
      await Promise.all([holding, ...events]);
      assert.deepEqual(
        ((await pool.submit({ type: "noted" })) as number[]).slice(0, 4),
        [3, 3, 2, 1],
      );
    }));

  it("starts what is due first with queue deadline, and what has no deadline last", () =>
    withPool({ threads: 1, queue: "deadline" }, async (pool) => {
      const holding = pool.submit({ type: "timer" });
      const events = [undefined, 900, 100, 4000].map((deadline, index) =>
        pool.submit({
          type: "note",
          payload: index,
          // Higher than any: it is the deadline that counts.
          priority: 7 - index,
          ...(deadline === undefined ? {} : { deadline }),
        }),
      );
      await Promise.all([holding, ...events]);
      assert.deepEqual(
        ((await pool.submit({ type: "noted" })) as number[]).slice(1, 5),
        [2, 1, 3, 0],
      );
      await assert.rejects(pool.submit({ type: "echo", deadline: 0 }), /Deadline 0 is not allowed/);
    }));

  it("waits for room when it is full otherwise, and loses nothing", () =>
    withPool({ threads: 1, capacity: 2 }, async (pool) => {
      const all = Array.from({ length: 50 }, (_, payload) =>
        pool.submit({ type: "echo", payload }),
      );
      assert.deepEqual(
        await Promise.all(all),
        Array.from({ length: 50 }, (_, index) => index),
      );
    }));

  it("refuses options out of range with the key, the value and what is allowed", async () => {
    await assert.rejects(startPool({ threads: 0 }), /threads: 0 .* 1 to 250/);
    await assert.rejects(startPool({ capacity: 1e9 }), /capacity: 1000000000/);
  });
});
