// The pool's log: what happened to it, entry by entry, at the level that was asked for.

import assert from "node:assert/strict";
import type { LogEntry, LogLevel, PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";

describe("a pool's log", () => {
  it("tells from start to close what happens to the pool", async () => {
    const { pool, events, entries } = await logged("debug", { threads: 2, maxThreads: 3 });
    pool.configure({ queue: "priority", threads: 3 });
    await assert.rejects(pool.submit({ type: "fail", payload: 1 }), /bad 1/);
    await assert.rejects(pool.submit({ type: "die" }));
    assert.equal(await pool.submit({ type: "echo", payload: 2 }), 2);
    await pool.close();
    const told = events();
    assert.equal(
      told.find((each) => !each.startsWith("debug")),
      "info started",
    );
    assert.equal(told.at(-1), "info closed");
    for (const each of [
      "info resized",
      "info configured",
      "debug handler-failed",
      "warn thread-lost",
      "warn warning",
      "debug thread-joined",
    ]) {
      assert.ok(told.includes(each), `${each} is among ${told.join(", ")}`);
    }
    const text = (event: string): string =>
      entries.find((each) => each.event === event)?.text ?? "";
    assert.equal(text("configured"), "Now: queue priority, threads 3.");
    assert.match(text("handler-failed"), /^Event \d+ \(fail\) failed: TypeError: bad 1$/);
    assert.equal(text("closed"), "The pool is closed: 3 of 3 events have settled.");
  });

  it("tells of shed events and open circuits, each once", async () => {
    const { pool, entries } = await logged("warn", {
      threads: 1,
      capacity: 2,
      whenFull: "shed-newest",
      breakAfter: 2,
      breakMillis: 600_000,
    });
    for (const payload of [1, 2]) await assert.rejects(pool.submit({ type: "fail", payload }));
    const many = Array.from({ length: 40 }, () => pool.submit({ type: "echo" }));
    const shed = (await Promise.allSettled(many)).filter(({ status }) => status === "rejected");
    await pool.close();
    const texts = entries.map(({ text }) => text);
    const sheds = texts.flatMap((text) => /^(\d+) events were shed\.$/.exec(text)?.[1] ?? []);
    assert.ok(shed.length > 0);
    assert.equal(
      sheds.reduce((sum, each) => sum + Number(each), 0),
      shed.length,
    );
    const circuits = texts.filter((text) => text.includes("circuit"));
    assert.deepEqual(circuits, ['The circuit of handler "fail" is open.']);
  });

  it("leaves out what weighs less than its level", async () => {
    const { pool, entries } = await logged("error");
    await assert.rejects(pool.submit({ type: "die" }));
    assert.equal(await pool.submit({ type: "echo", payload: 3 }), 3);
    await pool.close();
    assert.deepEqual(entries, []);
  });

  it("goes on without a log that throws, and names it once", async () => {
    const warnings: string[] = [];
    const pool = await startPool(
      { log: { write: full } },
      { warning: (text) => void warnings.push(text) },
    );
    pool.configure({ when: "eager" });
    assert.equal(await pool.submit({ type: "echo", payload: 4 }), 4);
    await pool.close();
    assert.deepEqual(warnings, ["log: write threw Error: disk full; no more is written."]);
  });

  it("refuses what is no log", async () => {
    await assert.rejects(
      wrong({ level: "info" }),
      /^RangeError: log: give \{ level, write\(entry\)/,
    );
    await assert.rejects(
      wrong({ level: "loud", write: () => undefined }),
      /^RangeError: log\.level: "loud" is not allowed; give one of error, warn, info, debug/,
    );
  });
});

function full(): never {
  throw new Error("disk full");
}

function wrong(log: unknown): Promise<ThreadPool> {
  return startPool({ log } as PoolOptions);
}

interface LoggedPool {
  readonly pool: ThreadPool;
  readonly entries: readonly LogEntry[];
  events(): readonly string[];
}

async function logged(level: LogLevel, options: PoolOptions = {}): Promise<LoggedPool> {
  const entries: LogEntry[] = [];
  const pool = await startPool({
    ...options,
    log: { level, write: (entry) => void entries.push(entry) },
  });
  return { pool, entries, events: () => entries.map((each) => `${each.level} ${each.event}`) };
}
