// What may change while the pool runs: its handlers, and the number of its threads.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { until } from "../support/until.ts";

const hold = `
export async function hold(event, ctx) {
  const cells = ctx.shared("gate", Int32Array, 1);
  while (Atomics.load(cells, 0) === 0) await ctx.sleep(5);
  return "old";
}
export function open(event, ctx) { Atomics.store(ctx.shared("gate", Int32Array, 1), 0, 1); }
`;
const first = `${hold}
export const version = () => 1;
export const goes = () => 1;
`;
const second = `${hold}
export function version() { return 2; }
export const comes = () => 2;
`;

describe("a pool that changes while it runs", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-"));
    file = join(folder, "handlers.mjs");
    writeFileSync(file, first);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("runs new handlers from now on, and what runs by then to its end on the old ones", async () => {
    const { pool, end } = await startTracedPool({ threads: 2, concurrentEvents: 4 }, file);
    const held = pool.submit({ type: "hold" });
    assert.equal(await pool.submit({ type: "version" }), 1);
    writeFileSync(file, second);
    await pool.replaceHandlers();
    const versions = Array.from({ length: 20 }, () => pool.submit({ type: "version" }));
    assert.deepEqual([...new Set(await Promise.all(versions))], [2]);
    assert.equal(await pool.submit({ type: "comes" }), 2);
    await assert.rejects(pool.submit({ type: "goes" }), /Handler "goes" was removed/);
    await pool.submit({ type: "open" });
    assert.equal(await held, "old");
    await pool.close();
    const { submitted, settled } = pool.counts();
    assert.equal(settled, submitted, "each accepted event has exactly one outcome");
    assert.equal(pool.stats().lost, 0);
    const kinds = end().threads.flatMap(({ events }) => [...events.code]);
    assert.equal(kinds.filter((code) => code === 23).length, pool.handlers.length);
  });

  it("goes on with the old handlers when the new ones can't be loaded", async () => {
    const pool = await startPool({ threads: 2 }, {}, file);
    writeFileSync(file, "export const version = ");
    await assert.rejects(pool.replaceHandlers(), /handlers\.mjs:1/);
    writeFileSync(file, "throw new Error('not today'); export const version = () => 3;");
    await assert.rejects(pool.replaceHandlers(), /not today/);
    assert.equal(await pool.submit({ type: "version" }), 1);
    writeFileSync(file, second);
    await pool.replaceHandlers();
    assert.equal(await pool.submit({ type: "version" }), 2);
    await pool.close();
  });

  it("has as many threads as it is told to, and loses no event on the way", async () => {
    const pool = await startPool({ threads: 2, maxThreads: 4 });
    const events = Array.from({ length: 400 }, (_, payload) => ({ type: "echo", payload }));
    for (const threads of [4, 1, 3]) {
      const results = events.map((event) => pool.submit(event));
      pool.resize(threads);
      assert.deepEqual(
        await Promise.all(results),
        events.map(({ payload }) => payload),
      );
    }
    assert.throws(
      () => pool.resize(5),
      /threads: 5 is not allowed; give a whole number from 1 to 4/,
    );
    await pool.close();
    assert.equal(pool.stats().lost, 0);
  });

  it("grows by itself while events wait, up to its limit", async () => {
    const pool = await startPool({ threads: 1, maxThreads: 2 });
    const seen = new Set<unknown>();
    await until("a second thread", async () => {
      await Promise.all(Array.from({ length: 8 }, () => visit(pool, seen)));
      return seen.size === 2;
    });
    await pool.close();
    assert.deepEqual([...seen].sort(), [1, 2]);
  });
});

async function visit(pool: ThreadPool, seen: Set<unknown>): Promise<void> {
  seen.add(await pool.submit({ type: "linger" }));
}
