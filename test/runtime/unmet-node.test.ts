// Whatever a Node that nobody has met yet takes away or closes to change: the handlers run, the trace is whole, and the
// report says what it does not show.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import type { Report } from "../../src/analysis/report.ts";

const main = resolve("out/src/cli/main.js");
const preload = resolve("test/fixtures/odd-node/odd-node.cjs");
const ways = createRequire(import.meta.url)(preload) as readonly string[];

/** What each way keeps from being seen, and why; those that are not here keep nothing from it. */
const unseen: Readonly<Record<string, readonly [what: RegExp, why: string]>> = {
  "fs has a getter that throws": [/^throwingSync of fs /, "it is read through a getter"],
  "fs is closed": [/^\w+Sync, .* and \d+ more of fs /, "it may not be changed"],
  "crypto has getters": [/^\w+Sync, .* more of crypto /, "it is read through a getter"],
  "crypto has closed functions": [/^\w+Sync, .* more of crypto /, "it may not be changed"],
  "Atomics has a waitAsync that is closed": [/^waitAsync of Atomics /, "it may not be changed"],
  "Atomics is frozen": [/^wait and notify of Atomics /, "it may not be changed"],
  "Error is frozen": [/places of calls that only the stack knows/, "it throws an error"],
  "promise hooks are refused": [/turns between their awaits/, "it throws an error"],
  "promise hooks are gone": [/turns between their awaits/, "it throws an error"],
  "the heap is a secret": [/the heap/, "it throws an error"],
  "observers are gone": [/garbage collections/, "it throws an error"],
  "source maps can't be asked for": [/lines through source maps/, "it throws an error"],
  "imports by name stay as they are": [/calls of functions imported by n/, "it throws an error"],
  "loading has no hooks": [/^places of calls in the handlers' text /, "it throws an error"],
  "loading is frozen": [/^places of calls in the handlers' text /, "it may not be changed"],
  "require is frozen": [/^places of calls in the handlers' text /, "it may not be changed"],
  "navigator throws": [/^locks of navigator.locks /, "it throws an error"],
  "the name of our global is taken": [/^places of calls in the ha/, "it may not be changed"],
};

/** Three sets, so that two ways with one thing stand apart. */
const sets = [0, 1, 2].map((set) => ways.filter((_way, index) => index % 3 === set));

interface Finished {
  readonly report: Report;
  readonly stderr: string;
}

describe("a Node that nobody has met", function () {
  this.timeout(120_000);
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-odd-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const profile = async (odd: readonly string[], module: string): Promise<Finished> => {
    const config = join(folder, "poolscope.json");
    const execArgv = ["--require", preload];
    const env = { ODD: odd.join(";") };
    writeFileSync(config, JSON.stringify({ level: "all", threads: 2, execArgv, env }));
    const out = join(folder, `${module}.pooltrace`);
    const path = resolve("test/fixtures/odd-node", module);
    rmSync(out, { force: true });
    const argv = [main, "profile", path, "--config", config, "--out", out, "--json"];
    const { status, stdout, stderr } = await new Promise<
      Omit<Finished, "report"> & { readonly status: number | null; readonly stdout: string }
    >((done) => {
      const child = execFile(process.execPath, argv, (_error, stdout, stderr) =>
        done({ status: child.exitCode, stdout, stderr }),
      );
    });
    assert.equal(status, 0, `${odd.join("; ")}\n${stdout}\n${stderr}`);
    return { report: JSON.parse(stdout) as Report, stderr };
  };

  const runs = async (odd: readonly string[], module: string): Promise<Finished> => {
    const finished = await profile(odd, module);
    const { events } = finished.report;
    assert.equal(events.outcomes.completed, 20, odd.join("; "));
    assert.deepEqual(finished.report.breaches, []);
    return finished;
  };

  for (const odd of sets) {
    it(`says what it does not show where ${odd.join("; ")}`, async () => {
      const { report, stderr } = await runs(odd, "handlers.mjs");
      for (const way of odd) {
        const [what, why] = unseen[way] ?? [];
        const isTold = (problem: string): boolean =>
          what?.test(problem) === true && problem.includes(`can't be watched here, since ${why}:`);
        assert.ok(what === undefined || report.problems.some(isTold), way);
      }
      const lines = stderr.split("\n").filter((line) => line.includes("is newer than those"));
      assert.equal(lines.length, odd.includes("it is of the year 2040") ? 1 : 0, stderr);
    });
  }

  it("runs handlers with any of these together, by either loader", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...ways], { minLength: 3 }),
        fc.constantFrom("handlers.mjs", "required.cjs"),
        async (odd, module) => void (await runs(odd, module)),
      ),
      {
        numRuns: 5,
        examples: [
          [[...ways], "handlers.mjs"],
          [["loading is frozen", "require is frozen"], "required.cjs"],
        ],
      },
    );
  });
});
