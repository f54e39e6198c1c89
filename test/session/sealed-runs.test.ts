// Runs as they are recorded: each trace is known as ours afterwards, also of a run that was killed, and the person's code never sees
// the key.

import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defaultConfiguration } from "../../src/protocol/run-configuration.ts";
import { decodeFile } from "../../src/session/decode-file.ts";
import { profile, type ProfileOutcome, type ProfileRun } from "../../src/session/profile.ts";
import { keyFile } from "../../src/session/trust/installation-key.ts";
import type { Provenance } from "../../src/session/trust/provenance.ts";

const runner = pathToFileURL(resolve("dist/runner.js"));

function originOf(path: string): Provenance {
  const file = decodeFile(path);
  assert.ok(file.kind === "decoded", JSON.stringify(file));
  return file.provenance;
}

describe("the trace of a run", function () {
  this.timeout(120_000);
  let folder = "";
  let out = "";
  let warnings: string[];
  const before = process.env["XDG_CONFIG_HOME"];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    out = join(folder, "run.pooltrace");
    warnings = [];
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  });
  afterEach(() => {
    process.env["XDG_CONFIG_HOME"] = before;
    rmSync(folder, { recursive: true });
  });

  function start(text: string, progress: (run: ProfileRun) => void = () => undefined): ProfileRun {
    const module = join(folder, "a.js");
    writeFileSync(module, text);
    const configuration = { ...defaultConfiguration, threads: 2, duration: 30_000 };
    const request = { module, root: folder, configuration, out, node: process.execPath, runner };
    const run: ProfileRun = profile(request, {
      started: () => undefined,
      progress: ({ settled }) => {
        if (settled > 0) progress(run);
      },
      output: () => undefined,
      failure: () => undefined,
      warning: (text) => warnings.push(text),
    });
    return run;
  }

  const some = `export default () => 1;
    export function* workload() { for (let n = 0; n < 50; n++) yield {}; }`;
  const endless = some.replace("n < 50", "true");

  it("is ours, wherever it goes, and says no more when a byte of it is changed", async () => {
    const outcome: ProfileOutcome = await start(some).outcome;
    assert.equal(outcome.kind, "ended", JSON.stringify(outcome));
    assert.deepEqual(originOf(out), { kind: "here" });
    const moved = join(folder, "moved.pooltrace");
    copyFileSync(out, moved);
    assert.deepEqual(originOf(moved), { kind: "here" });
    const bytes = readFileSync(out);
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    writeFileSync(moved, bytes);
    assert.equal(originOf(moved).kind, "stranger");
  });

  it("is ours when it was stopped, and when its process was killed", async () => {
    await start(endless, (run) => run.stop()).outcome;
    assert.deepEqual(originOf(out), { kind: "here" });
    out = join(folder, "killed.pooltrace");
    const killed = start(endless, (run) => {
      // Header and sources have come by then.
      if (statSync(out).size > 1000) run.kill();
    });
    const outcome = await killed.outcome;
    assert.equal(outcome.kind, "cut");
    assert.deepEqual(originOf(out), { kind: "here" });
  });

  it("is a stranger's where there is no key, which is told once", async () => {
    process.env["XDG_CONFIG_HOME"] = join(folder, "package.json");
    const outcome = await start(some).outcome;
    assert.equal(outcome.kind, "ended");
    assert.equal(originOf(out).kind, "stranger");
    const told = warnings.filter((text) => text.startsWith("The trace is not sealed"));
    assert.equal(told.length, 1, JSON.stringify(warnings));
  });

  it("does not show its key to the handlers, by no environment, argument or open file", async function () {
    if (process.platform !== "linux") this.skip();
    const seen = join(folder, "seen");
    const text = `import { readdirSync, readlinkSync, readFileSync, writeFileSync } from "node:fs";
      export default () => {
        const links = readdirSync("/proc/self/fd").map((fd) => {
          try { return readlinkSync("/proc/self/fd/" + fd); } catch { return ""; }
        });
        const all = [readFileSync("/proc/self/environ"), readFileSync("/proc/self/cmdline"), links];
        writeFileSync(${JSON.stringify(seen)}, all.join("\\n"));
      };
      export function* workload() { yield {}; }`;
    await start(text).outcome;
    assert.ok(existsSync(seen));
    const found = readFileSync(seen);
    const key = readFileSync(keyFile());
    for (const encoding of ["hex", "base64", "latin1"] as const) {
      assert.ok(!found.includes(key.toString(encoding)));
    }
    assert.ok(!found.includes(keyFile()));
  });
});
