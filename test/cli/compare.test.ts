// Compare, check and the report's other faces, as a person or a build uses them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Report } from "../../src/analysis/report.ts";
import type { ComparisonResult } from "../../src/protocol/comparison.ts";

const main = resolve("dist/poolscope.js");

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...argv: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((done) => {
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
}

interface PrintedReport extends Report {
  readonly suppressed: readonly { readonly by: string }[];
}

async function reportOf(trace: string): Promise<PrintedReport> {
  return JSON.parse((await run("report", trace, "--json")).stdout) as PrintedReport;
}

const contended = (loops: number): string => `
export function add(event, ctx) {
  return ctx.mutex("all").run(() => {
    let hash = event.payload.n;
    for (let i = 0; i < ${loops}; i++) hash = Math.imul(hash ^ i, 16777619);
    return event.payload.n;
  });
}
export function* workload() {
  for (let n = 0; n < 200; n++) yield { type: "add", payload: { n } };
}
`;

describe("poolscope compare, check and report", function () {
  this.timeout(600_000);
  let folder = "";
  let module = "";
  let trace = "";
  const line = 3;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    module = join(folder, "add.js");
    trace = join(folder, "old.pooltrace");
    writeFileSync(module, contended(1_000_000));
    const { status, stderr } = await run(
      "profile",
      module,
      "--threads",
      "2",
      "--in-flight",
      "4",
      "--out",
      trace,
    );
    assert.equal(status, 0, stderr);
  });

  after(() => rmSync(folder, { recursive: true }));

  it("says that the file is faster now than the version in the trace, and keeps both traces", async () => {
    writeFileSync(module, contended(1000));
    const out = join(folder, "kept");
    const argv = [
      "compare",
      trace,
      module,
      "--pairs",
      "8",
      "--threads",
      "1",
      "--json",
      "--out",
      out,
    ];
    const { status, stdout, stderr } = await run(...argv);
    writeFileSync(module, contended(1_000_000));
    assert.equal(status, 0, stderr);
    const result = JSON.parse(stdout) as ComparisonResult;
    assert.equal(result.verdict, "faster", result.sentence);
    assert.ok((result.change?.low ?? 0) > 1, result.sentence);
    assert.equal(result.change?.p, 2 / 256);
    assert.equal(result.rows[0]?.label, "Throughput");
    assert.equal(result.rows[0]?.tone, "better");
    assert.ok(result.notes.some((note) => note === "Both versions gave the same results: add."));
    assert.ok(!result.notes.some((note) => note.includes("configuration differs")));
    for (const { trace: kept } of [result.before, result.after]) {
      const report = await run("report", kept, "--json");
      assert.deepEqual((JSON.parse(report.stdout) as Report).breaches, []);
    }
  });

  it("sets two traces side by side and says that this proves nothing", async () => {
    const { status, stdout } = await run("compare", trace, trace);
    assert.equal(status, 0);
    assert.match(stdout, /One run each: noise is not ruled out/);
    assert.match(stdout, /Waiting for lock "all"/);
  });

  it("refuses what it can't compare, and says why", async () => {
    const few = await run("compare", trace, module, "--pairs", "7");
    assert.equal(few.status, 2);
    assert.match(few.stderr, /--pairs: give a whole number from 8 to 200/);
    assert.match((await run("compare", trace)).stderr, /compare needs two versions/);
    const metric = await run("compare", trace, module, "--metric", "throughputs");
    assert.match(metric.stderr, /Did you mean throughput\?/);
    const missing = await run("compare", join(folder, "none.pooltrace"), module);
    assert.equal(missing.status, 3);
    assert.match(missing.stderr, /can't be read/);
  });

  it("fails a build whose trace passes its budget, and names what does", async () => {
    const budget = join(folder, "budget.json");
    writeFileSync(
      budget,
      '{ "budget": { "score": 0, "p99": { "add": 0.0001 }, "lockWait": 100 } }',
    );
    const { status, stdout } = await run("check", trace, "--budget", budget);
    assert.equal(status, 1);
    assert.match(stdout, new RegExp(`^add\\.js:${line}:\\d+: score of lock-contention is`, "m"));
    assert.match(stdout, /^p99 of add is .*, budget 100 ns$/m);
    assert.ok(!stdout.includes("waiting for all locks"));
    writeFileSync(budget, '{ "budget": { "score": 100, "p99": 60000 } }');
    assert.equal((await run("check", trace, "--budget", budget)).status, 0);
    writeFileSync(budget, '{ "budget": { "p98": 1 } }');
    const wrong = await run("check", trace, "--budget", budget);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /there is no "p98"; give score, p99, lockWait/);
  });

  it("ignores a finding alike in the report, the check and SARIF", async () => {
    const before = await reportOf(trace);
    const identity = before.findings.find(({ rule }) => rule === "lock-contention")?.identity;
    assert.ok(identity !== undefined);
    const configuration = join(folder, "poolscope.json");
    writeFileSync(configuration, JSON.stringify({ ignore: [identity], budget: { score: 0 } }));
    try {
      const after = await reportOf(trace);
      assert.ok(!after.findings.some((finding) => finding.identity === identity));
      assert.equal(after.suppressed[0]?.by, "configuration");
      assert.ok(!(await run("check", trace)).stdout.includes("lock-contention"));
      const sarif = (await run("report", trace, "--sarif")).stdout;
      assert.match(sarif, /"kind": "external"/);
      const markdown = (await run("report", trace, "--markdown")).stdout;
      assert.ok(markdown.includes(`- \`${identity}\`, by poolscope.json`));
    } finally {
      rmSync(configuration);
    }
  });

  it("tells each command's exit status in its help", async () => {
    for (const command of ["compare", "check"]) {
      const { status, stdout } = await run(command, "--help");
      assert.equal(status, 0);
      assert.match(stdout, /Exit status: 0 .*1 .*2 wrong usage/s);
    }
    assert.ok(existsSync(trace) && readFileSync(trace).length > 0);
  });
});
