// What a profiled module prints is shown to its last line when the run is cut, or its process dies.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const main = resolve("out/src/cli/main.js");

describe("last words of a profiled module", () => {
  let folder = "";
  let runs = 0;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    writeFileSync(join(folder, "package.json"), "{}");
  });

  after(() => rmSync(folder, { recursive: true }));

  /** `cutAt`: told so much, the run is interrupted. */
  function profile(text: string, cutAt?: RegExp): Promise<string> {
    const module = join(folder, "handlers.mjs");
    writeFileSync(module, text);
    const argv = [
      "profile",
      module,
      "--threads",
      "1",
      "--out",
      join(folder, `${++runs}.pooltrace`),
    ];
    const child = spawn(process.execPath, [main, ...argv, "--deadline", "2000"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let told = "";
    let cut = false;
    child.stderr.setEncoding("utf8").on("data", (more: string) => {
      told += more;
      if (cut || cutAt === undefined || !cutAt.test(told)) return;
      cut = true;
      child.kill("SIGINT");
    });
    return new Promise((done) => {
      child.on("close", () => done(told));
    });
  }

  const says = `console.log("out 1"); console.log("out 2"); process.stderr.write("no end");`;

  it("of a handler that hangs when the run is interrupted, and of the workload", async () => {
    const told = await profile(
      `export function* workload() { console.log("load 1"); process.stdout.write("load 2"); yield {}; yield {}; }
       export const one = () => { ${says} console.error("!"); for (;;); };`,
      /no end!/,
    );
    assert.match(told, /\[thread 1\] out 1\n/);
    assert.match(told, /\[thread 1\] out 2\n/);
    assert.match(told, /\[thread 1\] no end!\n/);
    assert.match(told, /\[workload\] load 1\n/);
    assert.match(told, /\[workload\] load 2\n/);
  }).timeout(60_000);

  it("of a handler that ends its thread", async () => {
    const told = await profile(
      `export function* workload() { yield {}; }
       export const one = () => { ${says} process.exit(1); };`,
    );
    assert.match(told, /\[thread 1\] out 1\n[^]*\[thread 1\] out 2\n/);
    assert.match(told, /\[thread 1\] no end\n/);
  }).timeout(60_000);

  it("of a workload that throws", async () => {
    const told = await profile(
      `export function* workload() { ${says} throw new Error("no more"); }
       export const one = () => 1;`,
    );
    assert.match(told, /\[workload\] out 1\n[^]*\[workload\] out 2\n/);
    assert.match(told, /\[workload\] no end\n/);
  }).timeout(60_000);
});
