// Threads that die, hang, or will not die: what the pool does about each, and what it says.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeadLetter } from "../../src/runtime/recovery/dead-letters.ts";
import { startPool } from "../support/start-pool.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { PoolObserver } from "../../src/runtime/pool-observer.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { until } from "../support/until.ts";

async function withPool(
  options: PoolOptions,
  body: (pool: ThreadPool) => Promise<void>,
  observer: Partial<PoolObserver> = {},
): Promise<void> {
  const pool = await startPool(options, observer);
  try {
    await body(pool);
  } finally {
    await pool.close({ pending: "cancel", withinMillis: 5000 });
  }
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted, "each accepted event has exactly one outcome");
}

describe("failing threads", () => {
  it("a spare takes a dead thread's place", () =>
    withPool({ threads: 1, spareThreads: 1 }, async (pool) => {
      await assert.rejects(pool.submit({ type: "die" }), /thread 1 ended itself/);
      assert.equal(await pool.submit({ type: "onThread" }), 2);
      // The spare's event may settle before the pool has heard that the spare has joined.
      await until("the spare has joined", () => pool.stats().recovery.count > 0);
      assert.equal(pool.stats().recovery.count, 1);
    }));

  it("replaces a thread at once that does not die when told, which keeps its lock until it has", () =>
    withPool(
      { threads: 1, handlerDeadline: 500, handlerGrace: 0, spareThreads: 1 },
      async (pool) => {
        const hung = pool.submit({ type: "deaf", payload: 2000 });
        await assert.rejects(hung, /deaf did not settle within 500 ms/);
        assert.equal(await pool.submit({ type: "lockOfDeaf" }), "held");
        let lock: unknown = "held";
        await until("the lock is left", async () => {
          lock = await pool.submit({ type: "lockOfDeaf" });
          return lock !== "held";
        });
        assert.equal(lock, "abandoned");
      },
    ));

  it("tells an overdue handler by its signal first, and ends no thread that listens", () =>
    withPool({ threads: 1, handlerDeadline: 50, handlerGrace: 20_000 }, async (pool) => {
      await assert.rejects(pool.submit({ type: "untilAborted" }), {
        name: "DeadlineError",
        message: /untilAborted was told at its deadline to end, and did: told to stop/,
      });
      assert.equal(pool.stats().lost, 0);
    }));

  it("writes an event that kills its threads to the file of dead letters", async () => {
    const folder = mkdtempSync(join(tmpdir(), "poolscope-"));
    const deadLetters = join(folder, "dead.jsonl");
    const bytes = new Map([[1, "one"]]);
    await withPool({ threads: 1, retries: 1, deadLetters }, async (pool) => {
      await assert.rejects(pool.submit({ type: "die", payload: { n: 1 }, priority: 2 }));
      await assert.rejects(pool.submit({ type: "die", payload: bytes }));
      assert.equal(pool.counts().deadLettered, 2);
    });
    const lines = readFileSync(deadLetters, "utf8").trim().split("\n");
    assert.equal(statSync(deadLetters).mode & 0o777, 0o600);
    const [first, second] = lines.map((line) => JSON.parse(line) as DeadLetter);
    assert.deepEqual([first?.type, first?.payload, first?.priority], ["die", { n: 1 }, 2]);
    assert.deepEqual([first?.attempts, first?.error.name], [2, "ThreadDiedError"]);
    assert.equal(typeof second?.clone, "string");
    rmSync(folder, { recursive: true });
  });

  it("stops a crash loop with a reason, and ends what waits", async () => {
    const broken: string[] = [];
    await withPool(
      { threads: 1 },
      async (pool) => {
        const all = Array.from({ length: 30 }, () => pool.submit({ type: "die" }));
        const results = await Promise.allSettled(all);
        assert.ok(results.every(({ status }) => status === "rejected"));
        assert.equal(pool.state.kind, "broken");
        await assert.rejects(pool.submit({ type: "echo" }), /12 threads died in a row/);
      },
      { broken: (reason) => broken.push(reason) },
    );
    assert.equal(broken.length, 1);
  }).timeout(120_000);
});
