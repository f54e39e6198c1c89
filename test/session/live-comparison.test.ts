// Two versions of a module run against each other in live processes: what is restored of the older one, whose events both
// get, what is told apart, and how it ends when something is wrong.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compareResults } from "../../src/analysis/compare/same-results.ts";
import { runResults } from "../../src/presentation/pair-figures.ts";
import { defaultConfiguration } from "../../src/protocol/run-configuration.ts";
import {
  LiveComparison,
  type LiveOutcome,
  type VersionToRun,
} from "../../src/session/live-comparison.ts";

const runner = pathToFileURL(resolve("dist/runner.js"));

function resultsOf(outcome: LiveOutcome): ReturnType<typeof compareResults> {
  assert.ok(outcome.kind === "measured", JSON.stringify(outcome));
  return compareResults(
    outcome.pairs.map(({ before, after }) => ({
      before: runResults(before),
      after: runResults(after),
    })),
  );
}

const workload = `
    export function* workload() {
      const event = { type: "add", payload: { n: 0, chance: 0 } };
      for (let n = 0; n < 10; n++) {
        event.payload.n = n;
        event.payload.chance = Math.random();
        yield event;
      }
    }`;

const both = (value: string): string => `
      export default function ({ payload }) { return ${value}; }
      export function luck() { return Math.random(); }
      ${workload.replace("event.payload.n = n;", 'event.type = n % 2 ? "before" : "luck"; event.payload.n = n;')}`;

describe("live comparison", function () {
  this.timeout(600_000);
  let folder = "";
  /** Of the newest comparison. */
  let out = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    mkdirSync(join(folder, "node_modules/scale"), { recursive: true });
    writeFileSync(join(folder, "node_modules/scale/package.json"), '{ "main": "index.js" }');
    writeFileSync(join(folder, "node_modules/scale/index.js"), "module.exports = 10;");
    writeFileSync(join(folder, "data.txt"), "7");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const version = (
    name: string,
    text: string,
    texts: Readonly<Record<string, string>> = {},
  ): VersionToRun => {
    const module = join(folder, name);
    writeFileSync(module, text);
    return inPlace(name, texts);
  };
  const inPlace = (name: string, texts: Readonly<Record<string, string>>): VersionToRun => ({
    module: join(folder, name),
    root: folder,
    texts: Object.fromEntries(
      Object.entries(texts).map(([file, text]) => [join(folder, file), text]),
    ),
    configuration: {
      ...defaultConfiguration,
      threads: 1,
      arrival: { kind: "closed", inFlight: 4 },
    },
  });

  function start(
    before: VersionToRun,
    after: VersionToRun,
    pairs = 1,
    planned: () => void = () => undefined,
  ): LiveComparison {
    return new LiveComparison(
      {
        before,
        after,
        metric: "p50",
        pairs,
        seed: 3,
        // Its own: no trace is written over, and one that is refused may leave those of the other side.
        out: (out = mkdtempSync(join(folder, "out-"))),
        node: process.execPath,
        runner,
      },
      { planned, progress: () => undefined, output: () => undefined },
    );
  }

  const old = {
    "add.js": `
      import { readFileSync } from "node:fs";
      import scale from "scale";
      import { plus } from "./gone.js";
      const data = Number(readFileSync(new URL("./data.txt", import.meta.url), "utf8"));
      export function add({ payload }) { return plus(payload.n, data) * scale; }
      ${workload}`,
    "gone.js": "export const plus = (a, b) => a + b;",
  };
  const now = `
    import { readFileSync } from "node:fs";
    const data = Number(readFileSync(new URL("./data.txt", import.meta.url), "utf8"));
    export function add({ payload }) { return (payload.n + data) * 10; }
    export function* workload() { throw new Error("the older one's is used"); }`;

  it("restores an older version where it lay, with files that are gone, and finds the same results", async () => {
    const after = version("add.js", now);
    const outcome = await start(inPlace("add.js", old), after).outcome;
    assert.ok(outcome.kind === "measured", JSON.stringify(outcome));
    const results = resultsOf(outcome);
    assert.deepEqual(results.kind === "compared" && results.handlers, [
      {
        handler: "add",
        kind: "same",
        events: results.kind === "compared" ? results.handlers[0]?.events : 0,
        differing: 0,
        chance: 0,
      },
    ]);
    const { pairs, plan } = outcome;
    for (const { before, after: second } of pairs) {
      for (const side of [before, second]) {
        assert.deepEqual([side.warmUp.length, side.blocks.length], [2, 4]);
        for (const block of side.blocks) {
          assert.equal(block.results.length, plan.block.events);
          assert.equal(block.failed, 0);
          assert.ok(block.end > block.start && block.p99 >= block.p50 && block.p50 > 0);
        }
      }
    }
  });

  it("tells other results from results by chance, also of default handlers in two files", async () => {
    const before = version("before.js", both("payload.n"));
    const after = version("after.js", both("payload.n === 3 ? -1 : payload.n"));
    const results = resultsOf(await start(before, after, 2).outcome);
    assert.ok(results.kind === "compared");
    const [add, luck] = results.handlers;
    assert.deepEqual([add?.kind, luck?.kind], ["differ", "by-chance"]);
    assert.ok(Math.abs((add?.differing ?? 0) - 0.2) < 0.05, String(add?.differing));
    assert.equal(add?.chance, 0);
  });

  it("says which version does not load, and which handler is missing", async () => {
    const good = version("good.js", old["add.js"].replace('"./gone.js"', '"./good-gone.js"'), {
      "good-gone.js": old["gone.js"],
    });
    const broken = await start(good, version("broken.js", "export const f = ;")).outcome;
    assert.ok(broken.kind === "refused" && broken.side === "after");
    assert.equal(broken.problem.file, join(folder, "broken.js"));
    const other = version("other.js", "export function sub() { return 1; }");
    const missing = await start(good, other).outcome;
    assert.ok(missing.kind === "refused");
    assert.match(missing.problem.message, /type "add", which .*other\.js has no handler for.*sub/);
  });

  it("says that a version's process died", async () => {
    const dies = `export function add() { process.kill(process.pid, "SIGKILL"); }\n${workload}`;
    const lives = version("lives.js", `export function add() { return 1; }\n${workload}`);
    const outcome = await start(lives, version("dies.js", dies)).outcome;
    assert.ok(outcome.kind === "cut" && outcome.side === "after", JSON.stringify(outcome));
    assert.match(outcome.why, /SIGKILL|exit code/);
  });

  it("ends both processes when it is cancelled", async () => {
    const slow = `export async function add() { await new Promise((d) => setTimeout(d, 5)); }\n${workload}`;
    const before = version("slow.js", slow);
    const comparison: LiveComparison = start(before, before, 1, () => comparison.cancel());
    assert.deepEqual(await comparison.outcome, { kind: "cancelled" });
    assert.ok(!readdirSync(out).some((name) => name.startsWith("after-2")));
  });
});
