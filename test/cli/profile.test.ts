// The command line as a person uses it, each run in processes of its own.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Report } from "../../src/analysis/report.ts";

const main = resolve("out/src/cli/main.js");
const bank = resolve("examples/bank-transfers/accounts.ts");

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(argv: readonly string[]): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const finished = new Promise<Finished>((done) => {
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
  return { child, finished };
}

const run = (...argv: readonly string[]): Promise<Finished> => start(argv).finished;

describe("poolscope", () => {
  let folder = "";
  const handlers = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    writeFileSync(join(folder, "package.json"), "{}");
  });

  after(() => rmSync(folder, { recursive: true }));

  it("finds the hot lock of bank-transfers at its line, with a sound trace", async () => {
    const out = join(folder, "bank.pooltrace");
    const { status, stdout } = await run(
      "profile",
      bank,
      "--events",
      "3000",
      // However slow the machine is just now.
      "--duration",
      "0",
      "--out",
      out,
      "--json",
    );
    assert.equal(status, 0);
    const report = JSON.parse(stdout) as Report;
    const line =
      1 +
      readFileSync(bank, "utf8")
        .split("\n")
        .findIndex((each) => /ledger.*\.(run|acquire)\(/.test(each));
    assert.equal(report.hotspots[0]?.lock, "ledger");
    assert.equal(report.hotspots[0]?.culprits[0]?.site?.line, line);
    // On a machine that gives the run little of its processors, that is said too.
    const found = report.findings.find(({ rule }) => rule === "lock-contention");
    assert.equal(found?.site?.line, line);
    assert.equal(report.events.outcomes.completed, 3000);
    assert.equal(report.recording.dropped, 0);
    assert.deepEqual(report.breaches, []);
    for (const thread of report.threads) {
      const { wall, thread: _index, name: _name, events: _events, ...parts } = thread;
      const sum = Object.values(parts).reduce((total, part) => total + part, 0);
      assert.ok(Math.abs(sum - wall) <= 1, "the parts of a thread's time add up to its wall time");
    }
    const again = await run("report", out);
    assert.match(again.stdout, /Lock "ledger" keeps/);
  });

  it("names the right lines when threads have waited in their setup already", async () => {
    const out = join(folder, "setup.pooltrace");
    const path = handlers(
      "setup.js",
      `const busy = (millis) => { const until = performance.now() + millis; while (performance.now() < until); };
       export function setup(ctx) {
         ctx.mutex("opening").run(() => busy(40));
       }
       export const work = (event, ctx) => {
         ctx.mutex("held").run(() => busy(2));
       };
       export function* workload() { for (let i = 0; i < 60; i++) yield { type: "work" }; }`,
    );
    const { stdout } = await run("profile", path, "--out", out, "--json");
    const { hotspots } = JSON.parse(stdout) as Report;
    const held = hotspots.find(({ lock }) => lock === "held");
    assert.equal(held?.culprits[0]?.site?.line, 6);
    assert.equal(held.victims[0]?.site?.line, 6);
  });

  it("keeps the trace of a run that is killed, and says that it was cut", async () => {
    const out = join(folder, "cut.pooltrace");
    const path = handlers(
      "cut.ts",
      `export function* workload() { yield { type: "stop" }; }
       export function stop(event: unknown, ctx: any) {
         ctx.mutex("left").acquire();
         const until = Date.now() + 400;
         while (Date.now() < until);
         process.kill(process.pid, "SIGKILL");
       }`,
    );
    const { status, stdout } = await run("profile", path, "--out", out);
    assert.equal(status, 3);
    assert.match(stdout, /run was cut: the runtime process was ended by SIGKILL/);
    assert.equal((await run("report", out)).status, 3);
  });

  it("ends cleanly with a report on the first Ctrl-C", async () => {
    const path = handlers(
      "endless.ts",
      `export function* workload() { for (;;) yield { type: "say" }; }
       let said = false;
       export function say() { if (!said) console.log("it runs"); said = true; }`,
    );
    const { child, finished } = start(["profile", path, "--out", join(folder, "int.pooltrace")]);
    const running = new Promise<void>((done) => {
      child.stderr?.on("data", (text: string) => {
        if (text.includes("it runs")) done();
      });
    });
    await running;
    child.kill("SIGINT");
    const { status, stdout } = await finished;
    assert.equal(status, 0);
    assert.match(stdout, /The run was stopped/);
  });

  for (const arrival of [
    ["--in-flight", "4"],
    ["--rate", "2000"],
  ]) {
    it(`tells each event that can't be sent with its number, and does not end well (${arrival.join(" ")})`, async () => {
      const path = handlers(
        "unsent.mjs",
        `export const work = () => 1;
         export function* workload() {
           for (let i = 1; i <= 41; i++) {
             yield { payload: i === 17 ? { items: [{ done() {} }] } : i === 30 ? new Proxy({}, {}) : i };
           }
         }`,
      );
      const { status, stdout, stderr } = await run(
        ...[
          "profile",
          path,
          ...arrival,
          "--out",
          join(folder, `unsent${arrival[0] ?? ""}.pooltrace`),
          "--json",
        ],
      );
      assert.equal(status, 3);
      assert.match(
        stderr,
        /Event 17 of the workload could not be sent: payload\.items\[0\]\.done is a function/,
      );
      assert.match(stderr, /Event 30 of the workload could not be sent: payload is a Proxy/);
      const report = JSON.parse(stdout) as Report;
      assert.equal(report.events.outcomes.completed, 39, "the others are run");
      assert.match(report.run.message, /Event 17 .* 1 more could not either/);
    });
  }

  for (const [what, thrown] of Object.entries({
    nothing: "undefined",
    "a symbol": "Symbol('odd')",
    "a proxy": "new Proxy(new Error('x'), { get() { throw 1; } })",
  })) {
    it(`ends with a sentence when a workload throws ${what} half way`, async () => {
      const path = handlers(
        "half.mjs",
        `export const work = () => 1;
         export function* workload() { for (let i = 0; i < 20; i++) yield {}; throw ${thrown}; }`,
      );
      const out = join(folder, `half ${what}.pooltrace`);
      const { status, stdout } = await run("profile", path, "--out", out, "--json");
      assert.equal(status, 3);
      const report = JSON.parse(stdout) as Report;
      assert.match(report.run.message, /^The workload threw /);
      assert.equal(report.events.outcomes.completed, 20);
    });
  }

  it("finds the handler whose results can't be sent", async () => {
    const path = handlers(
      "results.mjs",
      `export const work = ({ payload }) => (payload % 2 ? { call() {} } : payload);
       export function* workload() { for (let i = 0; i < 20; i++) yield { payload: i }; }`,
    );
    const out = join(folder, "results.pooltrace");
    const { status, stdout } = await run(
      ...["profile", path, "--out", out, "--json", "--max-failures", "9"],
    );
    assert.equal(status, 1);
    const report = JSON.parse(stdout) as Report;
    assert.deepEqual(report.failures, [
      {
        handler: "work",
        message: "DataCloneError: result.call is a function, which no other thread can be given.",
        count: 10,
      },
    ]);
    assert.equal(report.events.outcomes.failed, 10);
    assert.equal(report.events.outcomes.completed, 10);
    const found = report.findings.find(({ rule }) => rule === "failing-handler");
    assert.equal(found?.site?.line, 1);
  });

  it("counts failures against the limit that was set", async () => {
    const path = handlers("fails.ts", `export default () => { throw new Error("no"); };`);
    const argv = ["profile", path, "--workload", "empty:10", "--out", join(folder, "f.pooltrace")];
    assert.equal((await run(...argv)).status, 0);
    const { status, stdout } = await run(...argv, "--force", "--max-failures", "9");
    assert.equal(status, 1);
    assert.match(stdout, /fails failed 10 times: Error: no/);
  });

  const refusals: readonly (readonly [string, () => readonly string[], number, RegExp])[] = [
    ["no command like it", () => ["profil"], 2, /Did you mean profile\?/],
    ["an unknown option", () => ["profile", bank, "--thread", "2"], 2, /Did you mean --threads\?/],
    ["no threads", () => ["profile", bank, "--threads", "0"], 2, /--threads: "0".*1 to 250/],
    ["10,000 threads", () => ["profile", bank, "--threads", "10000"], 2, /--threads: "10000"/],
    [
      "a missing file",
      () => ["profile", join(folder, "none.ts")],
      3,
      /none\.ts: There is no such file/,
    ],
    [
      "an empty file",
      () => ["profile", handlers("empty.ts", "")],
      3,
      /empty\.ts: The file is empty/,
    ],
    [
      "a module without handlers",
      () => ["profile", handlers("bare.ts", "export const a = 1;")],
      3,
      /exports no handler/,
    ],
    [
      "an enum, with its line",
      () => ["profile", handlers("enum.ts", "export default () => 1;\nenum A { B }\n")],
      3,
      /enum\.ts:2:1: TypeScript enum is not supported/,
    ],
    [
      "a syntax error, with its line",
      () => ["profile", handlers("syntax.ts", "export default () => 1;\nconst = 3;\n")],
      3,
      /syntax\.ts:2:7/,
    ],
    [
      "a poolscope.json that is no JSON, with its place",
      () => {
        const place = mkdtempSync(join(folder, "settings-"));
        writeFileSync(join(place, "poolscope.json"), '{\n  "threads": 3\n  "capacity": 1\n}');
        writeFileSync(join(place, "a.js"), "export default () => 1;");
        return ["profile", join(place, "a.js")];
      },
      2,
      /poolscope\.json:3:3: /,
    ],
    [
      "a configuration that is not there",
      () => ["profile", bank, "--config", join(folder, "none.json")],
      2,
      /--config: .*none\.json is not there/,
    ],
    [
      "a module without a workload",
      () => ["profile", handlers("idle.ts", "export default () => 1;")],
      3,
      /exports no workload/,
    ],
    [
      "a workload that yields no event",
      () => [
        "profile",
        handlers("odd.ts", "export default () => 1;\nexport function* workload() { yield 17; }\n"),
      ],
      3,
      /event 1 is no event: it is 17/,
    ],
    [
      "a place that can't be written",
      () => ["profile", bank, "--out", join(folder, "package.json", "x.pooltrace")],
      3,
      /can't be written.*\n?.*--out/,
    ],
  ];
  for (const [what, argv, expected, message] of refusals) {
    it(`refuses ${what}, with one clear message`, async () => {
      const { status, stdout, stderr } = await run(...argv(), ...extraOut(argv(), folder));
      assert.match(stderr + stdout, message);
      assert.equal(status, expected);
    });
  }

  it("runs handlers in the folder and environment that poolscope.json gives", async () => {
    const place = mkdtempSync(join(folder, "place-"));
    const module = join(place, "where.js");
    writeFileSync(
      module,
      `const { PLAIN, FROM_FILE } = process.env;
export default () => {
  const seen = [process.cwd().endsWith("inner"), PLAIN, FROM_FILE, process.execArgv.includes("--no-warnings")];
  if (seen.join() !== "true,one,two,true") throw new Error(seen.join());
};
`,
    );
    mkdirSync(join(place, "inner"));
    writeFileSync(join(place, "settings.env"), "FROM_FILE=two\n");
    const settings = {
      cwd: "inner",
      env: { PLAIN: "one" },
      envFile: "settings.env",
      execArgv: ["--no-warnings"],
      workload: "empty:10",
    };
    writeFileSync(join(place, "poolscope.json"), JSON.stringify(settings));
    const out = join(place, "where.pooltrace");
    const { status, stdout, stderr } = await run("profile", module, "--out", out);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /10 completed +0 failed/, stdout);
    writeFileSync(join(place, "poolscope.json"), '{ "envFile": "nowhere.env" }');
    const refused = await run("profile", module, "--out", out);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /envFile: .*nowhere\.env is not there/);
  });

  it("says what is wrong with a trace that is cut or none", async () => {
    const path = join(folder, "bank.pooltrace");
    assert.ok(existsSync(path));
    truncateSync(path, 5000);
    const cut = await run("report", path);
    assert.equal(cut.status, 3);
    assert.match(cut.stdout, /ends in the middle of a chunk/);
    assert.match((await run("report", bank)).stderr, /not a Poolscope trace/);
    assert.match((await run("report", join(folder, "nothing"))).stderr, /can't be read/);
  });
});

/** Keeps traces of refused runs out of the folder that the tests run in. */
function extraOut(argv: readonly string[], folder: string): readonly string[] {
  if (argv[0] !== "profile" || argv.includes("--out")) return [];
  return ["--out", join(mkdtempSync(join(folder, "out-")), "refused.pooltrace")];
}
