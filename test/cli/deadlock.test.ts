// A run that hangs in a deadlock says so while it hangs, and ends with its report.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Report } from "../../src/analysis/report.ts";

const main = resolve("out/src/cli/main.js");
const crossed = resolve("test/fixtures/handlers/crossed.mjs");

describe("poolscope profile of handlers that deadlock", () => {
  let folder = "";
  before(() => (folder = mkdtempSync(join(tmpdir(), "poolscope-test-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("tells who holds and wants what while it lasts, then ends the run and reports it", async () => {
    const out = join(folder, "crossed.pooltrace");
    const argv = ["profile", crossed, "--threads", "2", "--duration", "600", "--out", out];
    const child = spawn(process.execPath, [main, ...argv, "--json"]);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const status = await new Promise((done) => child.on("close", done));
    assert.equal(status, 3);
    assert.match(stderr, /^Deadlock, for .* The run is ended\.$/m);
    const { findings, run } = JSON.parse(stdout) as Report;
    assert.equal(run.ended, "failed");
    const [finding, ...others] = findings;
    assert.deepEqual(others, [], "one cause is one finding");
    assert.equal(finding?.rule, "deadlock");
    assert.equal(finding.subject, "left,right");
    const places = finding.related
      .filter(({ sentence }) => /wants|holds/.test(sentence))
      .map(({ sentence, site }) => `${sentence}:${site.line}`)
      .sort();
    assert.deepEqual(places, [
      'took "left" and holds it:4',
      'took "right" and holds it:12',
      'wants "left":14',
      'wants "right":6',
    ]);
  }).timeout(120_000);
});
