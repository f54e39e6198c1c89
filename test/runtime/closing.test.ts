// close() ends within its bound, whatever the pool's threads do, and leaves no event without its outcome.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { poolGroup, remotePool } from "../../src/runtime/pool.ts";
import type { CloseOptions, Pool } from "../../src/runtime/pool-front.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

const stubborn = resolve("test/fixtures/handlers/stubborn.ts");
const oddLives = resolve("test/fixtures/handlers/odd-lives.ts");

let folder = "";
let marks = 0;

/** The event's handler has begun. Its result, which is looked at later. */
async function begun(pool: Pool, type: string, millis = 0): Promise<Promise<unknown>[]> {
  const began = join(folder, `mark-${++marks}`);
  const result = pool.submit({ type, payload: { began, millis } });
  result.catch(() => undefined);
  await until(`${type} has begun`, () => existsSync(began));
  return [result];
}

async function allSettled(pool: Pool, results: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(results);
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted, "each accepted event has exactly one outcome");
}

describe("closing", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const type of ["loop", "block", "neverSettle", "spinMicrotasks", "hangHolding"]) {
    for (const pending of ["drain", "cancel"] as const) {
      it(`ends a handler that never does: ${type}, ${pending}`, async () => {
        const pool = await startPool({ threads: 1, handlerDeadline: 0 }, {}, stubborn);
        const hung = await begun(pool, type);
        const waits = Array.from({ length: 3 }, () => pool.submit({ type: "echo" }));
        const ended = Promise.allSettled([...hung, ...waits]);
        await pool.close({ pending, withinMillis: 300 });
        await ended;
        await allSettled(pool, hung);
      });
    }
  }

  it("leaves a thread behind that can't be ended, and says so", async () => {
    const warnings: string[] = [];
    const warning = (text: string): void => void warnings.push(text);
    const pool = await startPool({ threads: 1, retries: 3 }, { warning }, stubborn);
    const began = join(folder, "in-call");
    const results = await begun(pool, "inSystemCall", 20_000);
    await pool.close({ withinMillis: 0 });
    assert.ok(!existsSync(began));
    await assert.rejects(results[0] ?? Promise.resolve(), /does not end though it was told to/);
    assert.ok(warnings.some((text) => text.includes("may keep this process until")));
    await allSettled(pool, results);
  });

  it("rejects what waits for a place, and what handlers submit meanwhile", async () => {
    const pool = await startPool({ threads: 1, capacity: 2, handlerDeadline: 0 }, {}, stubborn);
    const hung = await begun(pool, "neverSettle");
    const waits = Array.from({ length: 20 }, () => pool.submit({ type: "echo" }));
    const ended = Promise.allSettled(waits);
    await pool.close({ pending: "cancel", withinMillis: 0 });
    const reasons = (await ended).map((each) => each.status === "rejected" && each.reason.name);
    assert.deepEqual([...new Set(reasons)], ["AbortError"]);
    await allSettled(pool, hung);
  });

  it("goes as fast as the more impatient of two callers wants", async () => {
    const pool = await startPool({ threads: 1, handlerDeadline: 0 }, {}, stubborn);
    const hung = await begun(pool, "loop");
    const patient = pool.close({ withinMillis: Infinity });
    await pool.close({ pending: "cancel", withinMillis: 0 });
    await patient;
    await pool.close();
    await allSettled(pool, hung);
  });

  it("is not kept by a cancelled event that does not end", async () => {
    const pool = await startPool({ threads: 1, handlerGrace: 20 }, {}, stubborn);
    const cancel = new AbortController();
    const began = join(folder, "cancelled");
    const { signal } = cancel;
    const result = pool.submit({ type: "loop", payload: { began } }, { signal });
    await until("loop has begun", () => existsSync(began));
    const closed = pool.close({ withinMillis: 600_000 });
    cancel.abort(new Error("not wanted"));
    await assert.rejects(result, /not wanted/);
    await closed;
    assert.equal(pool.counts().cancelled, 1);
  });

  const wrong: readonly unknown[] = [
    { withinMillis: -1 },
    { withinMillis: NaN },
    { withinMillis: "1" },
    { pending: "later" },
  ];
  for (const options of wrong) {
    it(`refuses ${JSON.stringify(options)}, and then still closes`, async () => {
      const pool = await startPool({ threads: 1 }, {}, stubborn);
      await assert.rejects(pool.close(options as CloseOptions), /is not allowed; give/);
      assert.equal(await pool.submit({ type: "echo", payload: 1 }), 1);
      await pool.close();
    });
  }

  describe("while threads start or end", () => {
    let file = "";
    const live = (part: "setup" | "teardown", kind: string): void =>
      writeFileSync(`${file}.${part}`, kind);

    beforeEach(() => {
      file = join(folder, `lives-${++marks}`);
      process.env["POOLSCOPE_TEST_LIVES"] = file;
    });

    for (const kind of ["loop", "never", "throw"]) {
      it(`outlives a setup that does not end: ${kind}`, async () => {
        const pool = await startPool({ threads: 1 }, {}, oddLives);
        live("setup", kind);
        await assert.rejects(pool.submit({ type: "die" }));
        const waits = pool.submit({ type: "echo" });
        waits.catch(() => undefined);
        await pool.close({ withinMillis: 200 });
        await allSettled(pool, [waits]);
      });

      it(`outlives a teardown that does not end: ${kind}`, async () => {
        const pool = await startPool({ threads: 2 }, {}, oddLives);
        live("teardown", kind);
        const result = pool.submit({ type: "echo", payload: 1 });
        await pool.close({ withinMillis: 200 });
        assert.equal(await result, 1);
      });
    }

    it("ends a crash loop's back-off, and a replacement of handlers", async () => {
      const pool = await startPool({ threads: 2 }, {}, oddLives);
      const deaths = Array.from({ length: 6 }, () => pool.submit({ type: "die" }));
      const ended = Promise.allSettled(deaths);
      const replaced = pool.replaceHandlers().catch((error: Error) => error.message);
      pool.configure({ queue: "priority", threads: 1 });
      await pool.close({ pending: "cancel", withinMillis: 200 });
      await ended;
      await replaced;
      await allSettled(pool, deaths);
      assert.deepEqual(pool.stats().threads, { wanted: 1, joined: 0, spare: 0, dying: 0 });
    });
  });

  const sources: readonly PoolOptions[] = [
    { sources: [{ kind: "timer", type: "neverSettle", everyMillis: 1 }] },
    { sources: [{ kind: "lines", type: "neverSettle", path: resolve("package.json") }] },
    {
      sources: [
        { kind: "file", type: "neverSettle", path: resolve("package-lock.json"), chunkBytes: 16 },
      ],
    },
  ];
  for (const options of sources) {
    it(`closes its sources first: ${options.sources?.[0]?.kind}`, async () => {
      const all = { threads: 1, capacity: 2, handlerDeadline: 0, ...options };
      const pool = await startPool(all, {}, stubborn);
      await until("an event has come", () => pool.counts().submitted > 0);
      await pool.close({ withinMillis: 100 });
      await allSettled(pool, []);
    });
  }

  it("closes all pools of a group, remote ones too, however often it is asked", async () => {
    const local = await startPool({ threads: 1, handlerDeadline: 0 }, {}, stubborn);
    const remote = await remotePool(stubborn, { threads: 1, handlerDeadline: 0 });
    const group = poolGroup({
      pools: [
        { name: "a", pool: local },
        { name: "b", pool: remote },
      ],
    });
    const results = [...(await begun(local, "loop")), ...(await begun(remote, "block"))];
    const quick = { pending: "cancel", withinMillis: 0 } as const;
    await Promise.all([group.close(), group.close(quick), group.close(quick)]);
    const ends = await Promise.allSettled(results);
    assert.deepEqual(new Set(ends.map(({ status }) => status)), new Set(["rejected"]));
  });
});
