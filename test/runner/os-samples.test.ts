// What the OS tells of the threads beside the pool's: a real run whose workload computes all the time.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defaultConfiguration } from "../../src/protocol/run-configuration.ts";
import { decodeFile } from "../../src/session/decode-file.ts";
import { profile } from "../../src/session/profile.ts";
import { codeOf } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";

const computes = `
export const work = () => undefined;
export function* workload() {
  let mixed = 1;
  for (let n = 0; n < 60; n++) {
    // The same amount on a busy machine, where the clock would end it early.
    for (let round = 0; round < 4e6; round++) mixed = Math.imul(mixed ^ round, 16777619);
    yield { type: "work", payload: mixed };
  }
}`;

describe("the OS's samples", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-os-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  });
  after(() => rmSync(folder, { recursive: true }));

  it("are of the main and the workload's thread too, each by an id of its own", async () => {
    const trace = await traceOf(folder, computes);
    const rows = trace.tables.threads.filter(({ kind }) => kind === "main" || kind === "workload");
    assert.deepEqual(rows.map(({ kind }) => kind).toSorted(), ["main", "workload"]);
    if (process.platform !== "linux") {
      assert.ok(rows.every(({ capabilities }) => !capabilities.includes("os")));
      return;
    }
    assert.equal(new Set(trace.tables.threads.map(({ osThreadId }) => osThreadId)).size, 4);
    assert.ok(rows.every(({ capabilities }) => capabilities.includes("os")));
    const used = new Map(rows.map(({ kind, index }) => [kind, processorMicros(trace, index)]));
    const [main = 0, workload = 0] = [used.get("main"), used.get("workload")];
    assert.ok(workload > 2 * main, `${workload} us of the workload, ${main} us of main`);
    assert.ok(workload < trace.endNanos / 1000, "no more than the run lasted");
  });
});

const ignore = (): undefined => undefined;

async function traceOf(folder: string, text: string): Promise<Trace> {
  const module = join(folder, "handlers.js");
  const out = join(folder, "run.pooltrace");
  writeFileSync(module, text);
  const run = profile(
    {
      ...{ module, root: folder, out, node: process.execPath },
      configuration: { ...defaultConfiguration, threads: 2 },
      runner: pathToFileURL(resolve("out/src/runner/main.js")),
    },
    { started: ignore, progress: ignore, output: ignore, failure: ignore, warning: ignore },
  );
  const outcome = await run.outcome;
  assert.equal(outcome.kind, "ended");
  const decoded = decodeFile(out);
  assert.ok(decoded.kind === "decoded" && decoded.problems.length === 0);
  return decoded.trace;
}

function processorMicros(trace: Trace, thread: number): number {
  const { events } = trace.threads[thread] ?? assert.fail(`thread ${thread} has events`);
  return events.a.reduce(
    (sum, micros, index) => (events.code[index] === codeOf("osSampled") ? sum + micros : sum),
    0,
  );
}
