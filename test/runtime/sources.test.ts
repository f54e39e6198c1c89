// Timers, directories, lines, files and messages as events of one queue: each meets the pool's leader like any other event.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { analyze } from "../../src/analysis/analyze.ts";
import { checkPoolOptions } from "../../src/runtime/check-pool-options.ts";
import { checkSourceTypes } from "../../src/runtime/sources/check-sources.ts";
import { openSources } from "../../src/runtime/sources/open-sources.ts";
import type { SourceOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";
import { until } from "../support/until.ts";

/** What `remember` of the fixture kept, once there is as much as wanted. */
async function remembered(pool: ThreadPool, least: number): Promise<readonly unknown[]> {
  let kept: readonly unknown[] = [];
  await until(
    () => `${least} events: ${JSON.stringify(kept)}`,
    async () => {
      kept = (await pool.submit({ type: "remembered" })) as readonly unknown[];
      return kept.length >= least;
    },
  );
  return kept;
}

const started = (...sources: readonly SourceOptions[]): Promise<ThreadPool> =>
  startPool({ threads: 1, sources });

function refused(source: object, message: RegExp): void {
  const sources = [source as SourceOptions];
  const open = (): unknown => {
    checkSourceTypes(checkPoolOptions({ sources }).sources, ["echo", "fail"]);
    return openSources(sources, (_event, settled) => settled(), assert.fail);
  };
  assert.throws(open, { name: "RangeError", message });
}

describe("event sources", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-sources-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("tick, and no more once the pool is closed", async () => {
    const pool = await started({
      kind: "timer",
      type: "remember",
      everyMillis: 2,
      payload: "tick",
    });
    assert.deepEqual((await remembered(pool, 3)).slice(0, 3), ["tick", "tick", "tick"]);
    await pool.close();
    const { submitted, settled } = pool.counts();
    assert.equal(submitted, settled);
  });

  it("tell what could not be sent with its number, ten times at most, and go on", async () => {
    const { port1, port2 } = new MessageChannel();
    const told: string[] = [];
    const pool = await startPool(
      { threads: 1, sources: [{ kind: "messages", type: "remember", port: port1 }] },
      { warning: (text) => void told.push(text) },
    );
    for (let index = 0; index < 20; index++) port2.postMessage(new SharedArrayBuffer(8));
    port2.postMessage("last");
    assert.deepEqual(await remembered(pool, 1), ["last"]);
    assert.equal(told.length, 10);
    assert.match(
      told[1] ?? "",
      /^sources\[0\] \(messages\): its event 2 could not be sent: payload shows shared memory/,
    );
    assert.match(told[9] ?? "", /Further ones are not told\.$/);
    await pool.close();
    port2.close();
  });

  it("tell what changes in a directory", async () => {
    const pool = await started({ kind: "directory", type: "remember", path: folder });
    writeFileSync(join(folder, "new.txt"), "hello");
    const [first] = await remembered(pool, 1);
    assert.deepEqual(first, { change: "rename", name: "new.txt" });
    await pool.close();
  });

  it("read lines to the end, in order, however many", async () => {
    const path = join(folder, "lines.txt");
    const all = Array.from({ length: 2000 }, (_, line) => `line ${line}`);
    writeFileSync(path, all.join("\n"));
    const pool = await started({ kind: "lines", type: "remember", path });
    await pool.sourcesEnded;
    assert.deepEqual(await remembered(pool, all.length), all);
    await pool.close();
  });

  it("read a file piece by piece", async () => {
    const path = join(folder, "bytes");
    writeFileSync(path, "abcdefg");
    const pool = await started({ kind: "file", type: "remember", path, chunkBytes: 3 });
    await pool.sourcesEnded;
    const pieces = (await remembered(pool, 3)) as readonly Uint8Array[];
    assert.deepEqual(
      pieces.map((piece) => Buffer.from(piece).toString()),
      ["abc", "def", "g"],
    );
    await pool.close();
  });

  it("hear messages, with their priority and key", async () => {
    const { port1, port2 } = new MessageChannel();
    const pool = await started({
      kind: "messages",
      type: "remember",
      port: port2,
      priority: 3,
      key: "a",
    });
    port1.postMessage({ order: 1 });
    assert.deepEqual(await remembered(pool, 1), [{ order: 1 }]);
    await pool.close();
    port1.close();
  });

  it("meet the same leader: a trace with all of them is one of a correct pool", async () => {
    const path = join(folder, "lines.txt");
    writeFileSync(path, "one\ntwo\nthree\n");
    const sources: readonly SourceOptions[] = [
      { kind: "timer", type: "echo", everyMillis: 1 },
      { kind: "lines", type: "echo", path },
      { kind: "file", type: "echo", path, chunkBytes: 4 },
    ];
    const { pool, end } = await startTracedPool({ threads: 3, sources });
    await Promise.all(Array.from({ length: 200 }, () => pool.submit({ type: "echo" })));
    await until("ten events of the sources", async () => {
      await pool.submit({ type: "timer" });
      return pool.counts().submitted >= 210;
    });
    await pool.close();
    const report = analyze(end());
    assert.deepEqual(report.breaches, []);
    assert.equal(report.events.outcomes.completed, pool.counts().submitted);
  });

  it("tell a file that is not there, and come to an end", async () => {
    const warnings: string[] = [];
    const source: SourceOptions = { kind: "lines", type: "echo", path: join(folder, "missing") };
    const observer = { warning: (text: string) => void warnings.push(text) };
    const pool = await startPool({ threads: 1, sources: [source] }, observer);
    await pool.sourcesEnded;
    await pool.close();
    assert.match(warnings.join(), /sources\[0\] \(lines\): ENOENT.*missing/);
  });

  it("are refused when they are not what they should be", () => {
    refused(
      { kind: "timr", type: "echo" },
      /sources\[0\]\.kind: "timr" is not allowed; give one of timer/,
    );
    refused({ kind: "timer", type: "echo", everyMillis: 0 }, /everyMillis: 0 is not allowed/);
    refused({ kind: "timer", everyMilis: 5 }, /no key "everyMilis"\. Did you mean "everyMillis"/);
    refused(
      { kind: "timer", type: "ecko", everyMillis: 5 },
      /sources\[0\]\.type: no handler for "ecko"; the module handles echo, fail/,
    );
    refused(
      { kind: "directory", type: "echo", path: join(folder, "no") },
      /sources\[0\] \(directory\): .*ENOENT/,
    );
  });
});
