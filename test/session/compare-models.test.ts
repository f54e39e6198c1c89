// The same workload under each concurrency model, live: one round of real processes.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { analyze } from "../../src/analysis/analyze.ts";
import { concurrencyModels, defaultConfiguration } from "../../src/protocol/run-configuration.ts";
import { compareModels, type ModelsRequest } from "../../src/session/compare-models.ts";
import { decodeFile } from "../../src/session/decode-file.ts";

const quiet = { progress: () => undefined, output: () => undefined };

describe("models side by side", () => {
  let out: string;

  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), "poolscope-models-"));
  });

  afterEach(() => rmSync(out, { recursive: true, force: true }));

  const request = (module: string): ModelsRequest => ({
    module: resolve("test/fixtures/handlers", module),
    root: resolve("test/fixtures"),
    configuration: { ...defaultConfiguration, threads: 2 },
    rounds: 1,
    out,
    node: process.execPath,
    runner: pathToFileURL(resolve("dist/runner.js")),
  });

  it("measures each of them, and keeps a trace of each that the analysis reads", async () => {
    const run = compareModels(request("models.ts"), quiet, (trace) => trace.header.model);
    const outcome = await run.outcome;
    assert.ok(outcome.kind === "measured", JSON.stringify(outcome));
    const [round] = outcome.rounds;
    assert.deepEqual([...(round?.keys() ?? [])].toSorted(), [...concurrencyModels].toSorted());
    for (const [model, { closed, open, figures }] of round ?? []) {
      assert.equal(figures, model);
      assert.equal(closed.results.length, outcome.plan.closed.events);
      assert.ok(closed.cpuMicros > 0 && open.p99 >= open.p50, model);
      assert.deepEqual([closed.failed, open.failed], [0, 0], model);
      const file = decodeFile(outcome.traces[model]);
      assert.ok(file.kind === "decoded");
      const report = analyze(file.trace);
      assert.equal(report.run.model, model);
      assert.deepEqual(report.breaches, []);
      if (model !== "leader-followers") assert.equal(report.leadership.promotions, 0);
    }
    assert.match(outcome.plan.notes["event-loop"], /one event at a time/);
    assert.deepEqual(
      readdirSync(out).toSorted(),
      concurrencyModels.map((model) => `${model}.pooltrace`).toSorted(),
    );
  }).timeout(240_000);

  it("refuses a module that can't be loaded, with its place", async () => {
    const outcome = await compareModels(request("no-such.ts"), quiet, () => 0).outcome;
    assert.ok(outcome.kind === "refused", JSON.stringify(outcome));
    assert.match(outcome.problem.message, /no such file/);
  }).timeout(30_000);
});
