// What each command ends with, and what ends it: signals, readers that go, disks that are full. Each in processes of its own.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { decodeFile } from "../../src/session/decode-file.ts";

const main = resolve("out/src/cli/main.js");

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  readonly flags?: readonly string[];
  readonly detached?: boolean;
}

function start(
  argv: readonly string[],
  { cwd, flags = [], detached = false }: Options = {},
): { readonly child: ChildProcess; readonly finished: Promise<Finished> } {
  const child = spawn(process.execPath, [...flags, main, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    detached,
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const finished = new Promise<Finished>((done) => {
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
  return { child, finished };
}

const run = (argv: readonly string[], options?: Options): Promise<Finished> =>
  start(argv, options).finished;

const plain = `export const work = () => 1;
export function* workload() { for (let n = 0; n < 20; n++) yield { type: "work" }; }
`;
const failing = plain.replace("() => 1", '() => { throw new Error("no"); }');
const endless = `let said = false;
export const work = () => { if (!said) console.log("it runs"); said = true; };
export function* workload() { for (;;) yield { type: "work" }; }
`;
const letter =
  '{"type":"work","priority":0,"error":{"name":"E","message":"m"},"attempts":1,"time":"t"}\n';

describe("exit statuses", function () {
  this.timeout(120_000);
  let folder = "";
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const at = (name: string): string => join(folder, name);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    file("package.json", "{}");
    file("plain.mjs", plain);
    file("failing.mjs", failing);
    file("endless.mjs", endless);
    file("broken.mjs", "export const =");
    file("budget.json", '{ "budget": { "p99": { "*": 0 } } }');
    file("wide.json", '{ "budget": { "p99": { "*": 1000000 } } }');
    file("odd.json", '{ "threads": "many" }');
    file("letters.jsonl", letter);
    const made = await run(["profile", "plain.mjs", "--out", "a.pooltrace"], { cwd: folder });
    assert.equal(made.status, 0, made.stderr);
  });

  after(() => rmSync(folder, { recursive: true }));

  const rows: readonly (readonly [string, number])[] = [
    ["--version", 0],
    ["--help", 0],
    ["", 0],
    ["nothing", 2],
    ["profile", 2],
    ["profile plain.mjs other.mjs", 2],
    ["profile plain.mjs --bogus", 2],
    ["profile plain.mjs --config odd.json", 2],
    ["profile plain.mjs --config none.json", 2],
    ["profile broken.mjs", 3],
    ["profile none.mjs", 3],
    ["profile plain.mjs --out a.pooltrace", 3],
    ["profile plain.mjs --out plain.mjs --force", 3],
    ["profile plain.mjs --node ./none", 3],
    ["profile failing.mjs", 0],
    ["profile failing.mjs --max-failures 19", 1],
    ["report a.pooltrace", 0],
    ["report a.pooltrace --json --sarif", 2],
    ["report", 2],
    ["report none.pooltrace", 3],
    ["report plain.mjs", 3],
    ["check a.pooltrace --budget wide.json", 0],
    ["check a.pooltrace --budget budget.json", 1],
    ["check a.pooltrace --budget odd.json", 2],
    ["check a.pooltrace", 2],
    ["check none.pooltrace --budget wide.json", 3],
    ["compare a.pooltrace a.pooltrace", 0],
    ["compare a.pooltrace", 2],
    ["compare a.pooltrace a.pooltrace --metric speed", 2],
    ["compare a.pooltrace none.pooltrace", 3],
    ["compare plain.mjs plain.mjs --config odd.json", 2],
    ["compare broken.mjs plain.mjs", 3],
    ["models", 2],
    ["models plain.mjs --config odd.json", 2],
    ["models broken.mjs", 3],
    ["ramp", 2],
    ["ramp plain.mjs --config odd.json", 2],
    ["ramp broken.mjs", 3],
    ["dead-letters letters.jsonl", 0],
    ["dead-letters", 2],
    ["dead-letters none.jsonl", 3],
    ["dead-letters plain.mjs", 3],
  ];
  for (const [line, expected] of rows) {
    it(`${expected}: poolscope ${line}`, async () => {
      const argv = line === "" ? [] : line.split(" ");
      const { status, stderr, stdout } = await run(argv, { cwd: folder });
      assert.equal(status, expected, stderr + stdout);
      if (expected > 1) assert.notEqual(stderr, "");
      assert.doesNotMatch(stderr, /at .*\.[jt]s:\d+|Poolscope itself/);
      assert.equal(readFileSync(at("plain.mjs"), "utf8"), plain);
    });
  }

  it("3 for a mistake of our own, with where it is", async () => {
    const breaks = "data:text/javascript,process.stdout.write=()=>{throw new Error('odd')}";
    const { status, stderr } = await run(["--version"], { flags: ["--import", breaks] });
    assert.equal(status, 3);
    assert.match(stderr, /Error: odd\n.*at .*mistake in Poolscope itself/s);
  });

  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    it(`a run ends whole at ${signal}, be it sent to all of its processes`, async () => {
      const out = at(`${signal}.pooltrace`);
      const { child, finished } = start(["profile", at("endless.mjs"), "--out", out], {
        detached: true,
      });
      await heard(child, "it runs");
      process.kill(-(child.pid ?? 0), signal);
      const { status, stdout, stderr } = await finished;
      assert.equal(status, signal === "SIGINT" ? 0 : 3, stderr);
      assert.match(stdout, /The run was stopped/);
      const read = decodeFile(out);
      assert.ok(read.kind === "decoded" && read.problems.length === 0);
      assert.equal(read.trace.footer?.reason, "stopped");
    });
  }

  it("a second signal ends at once, and the trace keeps what had come", async () => {
    const text = `export const work = () => { console.log("it runs"); for (;;); };
export function* workload() { yield { type: "work" }; }
`;
    const out = at("hangs.pooltrace");
    const { child, finished } = start(["profile", file("hangs.mjs", text), "--out", out]);
    await heard(child, "it runs");
    child.kill("SIGTERM");
    await heard(child, "Ending the run");
    child.kill("SIGHUP");
    const { status, stderr } = await finished;
    assert.equal(status, 3);
    assert.match(stderr, /The run was cut: .*SIGKILL/);
    assert.equal(decodeFile(out).kind, "decoded");
  });

  it("a reader that goes away changes neither the trace nor the status", async () => {
    for (const [module, extra, expected] of [
      ["plain.mjs", [], 0],
      ["failing.mjs", ["--max-failures", "0"], 1],
    ] as const) {
      const out = join(mkdtempSync(at("gone-")), "a.pooltrace");
      const argv = ["profile", at(module), "--json", "--out", out, ...extra];
      const { child, finished } = start(argv);
      child.stdout?.destroy();
      child.stderr?.destroy();
      assert.equal((await finished).status, expected);
      const read = decodeFile(out);
      assert.ok(read.kind === "decoded" && read.trace.footer !== undefined);
    }
  });

  it("two runs at once never share a trace", async () => {
    const place = mkdtempSync(at("same-"));
    const module = at("plain.mjs");
    const runs = [0, 1, 2].map(() => run(["profile", module], { cwd: place }));
    for (const { status, stderr } of await Promise.all(runs)) assert.equal(status, 0, stderr);
    const names = readdirSync(join(place, ".poolscope"));
    assert.equal(names.length, 3);
    for (const name of names) {
      const read = decodeFile(join(place, ".poolscope", name));
      assert.ok(read.kind === "decoded" && read.problems.length === 0);
    }
    const given = [0, 1, 2].map(() =>
      run(["profile", module, "--out", join(place, "a.pooltrace")]),
    );
    const statuses = (await Promise.all(given)).map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [0, 3, 3]);
    assert.equal(decodeFile(join(place, "a.pooltrace")).kind, "decoded");
  });

  it("letters that are being run again are never replaced", async () => {
    const place = mkdtempSync(at("letters-"));
    const letters = join(place, "l.jsonl");
    writeFileSync(letters, letter);
    writeFileSync(`${letters}.running`, "earlier\n");
    const again = ["dead-letters", letters, "--run", at("plain.mjs")];
    const refused = await run(again, { cwd: place });
    assert.equal(refused.status, 3);
    assert.match(refused.stderr, /l\.jsonl\.running is there already/);
    assert.equal(readFileSync(letters, "utf8"), letter);
    assert.equal(readFileSync(`${letters}.running`, "utf8"), "earlier\n");
    rmSync(`${letters}.running`);
    const done = await run(again, { cwd: place });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(readdirSync(place), [".poolscope"]);
  });

  it("a workload in poolscope.json lies beside it, wherever one is", async () => {
    const place = mkdtempSync(at("beside-"));
    mkdirSync(join(place, "elsewhere"));
    writeFileSync(join(place, "h.mjs"), "export const work = () => 1;\n");
    writeFileSync(join(place, "events.jsonl"), '{"type":"work"}\n{"type":"work"}\n');
    writeFileSync(join(place, "poolscope.json"), '{ "workload": "events.jsonl" }');
    const { status, stdout, stderr } = await run(["profile", "../h.mjs"], {
      cwd: join(place, "elsewhere"),
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /2 completed/);
    assert.ok(!existsSync(join(place, "elsewhere", "events.jsonl")));
  });

  if (process.platform !== "linux") return;

  it("3 when the output can't be written, or the trace can't", async () => {
    const full = await shell(`"$0" "$1" report "${at("a.pooltrace")}" > /dev/full`);
    assert.equal(full.status, 3);
    assert.match(full.stderr, /output could not be written: the disk is full/);
    const out = at("limited.pooltrace");
    const limited = await shell(
      `ulimit -f 4; "$0" "$1" profile "${at("endless.mjs")}" --duration 2 --out "${out}"`,
    );
    assert.equal(limited.status, 3, limited.stderr);
    assert.match(limited.stderr, /trace could not be written on: a file may not become that large/);
    assert.equal(decodeFile(out).kind, "decoded");
  });
});

function shell(line: string): Promise<Finished> {
  const child = spawn("sh", ["-c", line, process.execPath, main], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((done) => {
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
}

function heard(child: ChildProcess, words: string): Promise<void> {
  return new Promise((done) => {
    child.stderr?.on("data", (text: string) => {
      if (text.includes(words)) done();
    });
  });
}
