// More events than the pool can take: which are shed, what runs in their place, and that it ends by itself.

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { resolve } from "node:path";
import { shedsAfter, isOverloaded } from "../../src/runtime/overload/codel.ts";
import { createPoolMemory } from "../../src/runtime/memory/pool-memory.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

const module = resolve("test/fixtures/handlers/overload.ts");

async function withPool(options: PoolOptions, body: (pool: ThreadPool) => Promise<void>) {
  const pool = await startPool({ threads: 1, ...options }, {}, module);
  try {
    await body(pool);
  } finally {
    await pool.close({ pending: "cancel", withinMillis: 5000 });
  }
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted, "each accepted event has exactly one outcome");
}

/** Fills the queue of a pool whose one thread is held: payloads of those that were shed. */
async function shedOf(options: PoolOptions, priorities: readonly number[]): Promise<number[]> {
  const shed: number[] = [];
  const output = new EventEmitter();
  const held = once(output, "line");
  const pool = await startPool(
    { threads: 1, ...options },
    { output: () => output.emit("line") },
    module,
  );
  const hold = new AbortController();
  const holds = pool.submit({ type: "hold" }, { signal: hold.signal }).catch(() => undefined);
  await held;
  const all = priorities.map((priority, payload) =>
    pool.submit({ type: "echo", payload, priority }).catch((error: Error) => {
      assert.equal(error.name, "ShedError");
      shed.push(payload);
    }),
  );
  hold.abort();
  await Promise.all([holds, ...all]);
  await pool.close();
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted, "each accepted event has exactly one outcome");
  return shed;
}

describe("overload", () => {
  it("sheds the newest, when asked to", async () => {
    const shed = await shedOf({ capacity: 4, whenFull: "shed-newest" }, [0, 0, 0, 0, 0]);
    assert.deepEqual(shed, [3, 4]);
  });

  it("ends what waits for a place at once when its signal says so, and takes the others in order", () =>
    withPool({ capacity: 2 }, async (pool) => {
      const hold = new AbortController();
      const cancel = new AbortController();
      const { signal } = cancel;
      const holds = pool.submit({ type: "hold" }, { signal: hold.signal }).catch(() => undefined);
      const done: unknown[] = [];
      const others = Array.from({ length: 3000 }, async (_, payload) => {
        done.push(await pool.submit({ type: "echo", payload }));
      });
      const cancelled = pool.submit({ type: "echo" }, { signal });
      const last = pool.submit({ type: "echo", payload: "last" });
      cancel.abort();
      // The one thread is still held: nothing else can have settled.
      await assert.rejects(cancelled, { name: "AbortError" });
      assert.deepEqual(done, []);
      hold.abort();
      assert.equal(await last, "last");
      await Promise.all([holds, ...others]);
      assert.deepEqual(
        done,
        Array.from({ length: 3000 }, (_, payload) => payload),
      );
    }));

  it("lets events wait for payload memory too, in their order, where results come back as large", () =>
    withPool({ payloadBytes: 2 ** 21 }, async (pool) => {
      const done: number[] = [];
      const all = Array.from({ length: 40 }, async (_, index) => {
        const sent = new Uint8Array(2 ** 19).fill(index);
        const result = (await pool.submit({ type: "echo", payload: sent })) as Uint8Array;
        assert.deepEqual([result.length, result.at(-1)], [2 ** 19, index]);
        done.push(index);
      });
      const small = pool.submit({ type: "echo", payload: "small" });
      assert.equal(await small, "small");
      assert.equal(done.length, 40, "the small one came last");
      await Promise.all(all);
      assert.deepEqual(done, [...all.keys()]);
    }));

  it("takes what waits for a place after one whose payload it can't keep", () =>
    withPool({ capacity: 1, payloadBytes: 2 ** 20 }, async (pool) => {
      const before = pool.submit({ type: "echo", payload: 1 });
      const tooLarge = pool.submit({ type: "echo", payload: new Uint8Array(2 ** 22) });
      const after = pool.submit({ type: "echo", payload: 2 });
      await assert.rejects(tooLarge, /raise payloadBytes/);
      assert.deepEqual(await Promise.all([before, after]), [1, 2]);
    }));

  it("sheds those that have waited longest, when asked to", async () => {
    const shed = await shedOf({ capacity: 4, whenFull: "shed-oldest" }, [0, 0, 0, 0, 0]);
    assert.deepEqual(shed, [0, 1]);
  });

  it("sheds the lowest priority, when asked to, be it the new one", async () => {
    const options = { capacity: 4, whenFull: "shed-lowest", queue: "priority" } as const;
    assert.deepEqual(await shedOf(options, [3, 1, 2, 5, 0, 4]), [1, 4, 2]);
  });

  it("calls a pool overloaded whose shortest delay of an interval is above the target, until one comes through", () => {
    const memory = createPoolMemory({ seats: 1, capacity: 2, sharedBytes: 64, payloadBytes: 64 });
    const at = (millis: number, delayMillis: number): boolean =>
      shedsAfter(memory, delayMillis * 1000, millis * 1000);
    assert.equal(at(0, 50), false);
    assert.equal(at(50, 50), false, "a burst of less than an interval is let through");
    assert.equal(at(101, 40), false);
    assert.ok(isOverloaded(memory));
    assert.equal(at(110, 40), true);
    assert.equal(at(120, 9), false, "one that waited less than twice the target is let through");
    assert.equal(at(130, 2), false);
    assert.equal(at(202, 40), false);
    assert.ok(!isOverloaded(memory), "an interval with a short delay ends it");
  });

  it("sheds what waited too long and runs degraded variants meanwhile; then all is as before", () =>
    withPool({ admission: "codel" }, async (pool) => {
      const all = Array.from({ length: 60 }, () =>
        pool.submit({ type: "slow" }).catch((error: Error) => error.name),
      );
      const results = new Set(await Promise.all(all));
      assert.ok(results.has("ShedError"), "events were shed");
      // One that waits for long for its processor still counts as overload.
      const next = () => pool.submit({ type: "slow" }).catch((error: Error) => error.name);
      await until("the full variant runs twice in a row", async () => {
        return (await next()) === "full" && (await next()) === "full";
      });
    }));

  it("runs no events of a handler that fails again and again, and tries it after a while", () =>
    withPool({ breakAfter: 3, breakMillis: 300 }, async (pool) => {
      const fails = () => pool.submit({ type: "flaky", payload: "fail" });
      for (let count = 0; count < 3; count++) await assert.rejects(fails(), /no luck/);
      await assert.rejects(pool.submit({ type: "flaky" }), { code: "ERR_CIRCUIT_OPEN" });
      assert.equal(await pool.submit({ type: "echo", payload: 1 }), 1, "other handlers run");
      await until("the handler is tried again", async () => {
        const result = await pool.submit({ type: "flaky" }).catch(() => undefined);
        return result === "full";
      });
      assert.equal(await pool.submit({ type: "flaky" }), "full", "the circuit is closed");
      assert.ok(pool.counts().shed >= 1, "what was not run counts as shed");
    }));

  it("runs the degraded variant while the circuit is open", () =>
    withPool({ breakAfter: 1, breakMillis: 60_000 }, async (pool) => {
      await assert.rejects(pool.submit({ type: "brittle", payload: "fail" }), /no luck/);
      assert.equal(await pool.submit({ type: "brittle" }), "degraded");
    }));

  it("refuses what options can't be together, and options that there are not", async () => {
    await assert.rejects(
      startPool({ whenFull: "shed-lowest" }),
      /whenFull: "shed-lowest" .* queue "priority"/,
    );
    await assert.rejects(
      startPool({ capacity: 65_536, threads: 16 }),
      /capacity: 65536 .* 16 threads; give 16384/,
    );
    await assert.rejects(
      startPool({ thread: 2 } as PoolOptions),
      /no option "thread". Did you mean "threads"/,
    );
  });
});
