// What a run of strangers' handlers may put on a terminal and into its files: nothing that a terminal obeys, no secret of the
// configuration, no credential of a message.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Report } from "../../src/analysis/report.ts";
import { decodeFile } from "../../src/session/decode-file.ts";

const main = resolve("out/src/cli/main.js");
const secret = "hunter2Zx9Q4vLr8Tt1";

interface Finished {
  readonly stdout: string;
  readonly stderr: string;
}

function run(...argv: readonly string[]): Promise<Finished> {
  return new Promise((done) => {
    execFile(process.execPath, [main, ...argv], (_, stdout, stderr) => done({ stdout, stderr }));
  });
}

const module = `
const odd = "\\u001b[2Jgold\\u202edlog\\r";
export const fails = (event, ctx) => {
  ctx.mutex(odd + "lock").run(() => undefined);
  ctx.mark(odd + "mark https://user:${secret}@host.example/");
  console.log(odd + "printed \\u001b[31mred\\u001b[0m");
  throw new TypeError(odd + "connect postgres://app:" + process.env.DB_KEY + "@db.example/orders");
};
export function* workload() { for (let i = 0; i < 4; i++) yield { type: "fails" }; }
`;

const configuration = {
  threads: 2,
  env: { DB_KEY: secret },
  execArgv: ["--title", secret],
};

describe("what a run shows of its handlers", () => {
  let folder = "";
  let out = "";
  let shown: Finished = { stdout: "", stderr: "" };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    out = join(folder, "odd.pooltrace");
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, "poolscope.json"), JSON.stringify(configuration));
    writeFileSync(join(folder, "odd.mjs"), module);
    shown = await run("profile", join(folder, "odd.mjs"), "--out", out);
  });

  after(() => rmSync(folder, { recursive: true }));

  it("is obeyed by no terminal, but for the colours that a program prints", () => {
    assert.match(shown.stderr, /\\u001b\[2Jgold\\u202edlog\\r/);
    assert.match(shown.stderr, new RegExp(String.raw`printed \u001B\[31mred\u001B\[0m`));
    for (const text of [shown.stdout, shown.stderr]) {
      const plain = text
        .replaceAll(new RegExp(String.raw`\u001B\[(?:31|0)m`, "g"), "")
        .replaceAll("\n", "");
      assert.doesNotMatch(plain, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });

  it("is the same value as JSON", async () => {
    const { stdout } = await run("report", out, "--json");
    const { failures } = JSON.parse(stdout) as Report;
    assert.ok(failures[0]?.message.includes("\u001B[2Jgold\u202Edlog\r"));
    assert.doesNotMatch(stdout.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
  });

  it("has no value of the environment, of arguments, no credential: on the terminal, in the trace, in reports", async () => {
    const file = decodeFile(out);
    assert.ok(file.kind === "decoded");
    const { sources, ...tables } = file.trace.tables;
    assert.ok(sources.length > 0);
    const { env, execArgv } = file.trace.header.configuration;
    assert.deepEqual([env, execArgv], [["DB_KEY"], ["--title", "…"]]);
    const reports = await Promise.all(
      ["--json", "--markdown", "--sarif"].map(async (format) => run("report", out, format)),
    );
    const all = [file.trace.header, tables, shown, reports].map((each) => JSON.stringify(each));
    for (const text of all) assert.doesNotMatch(text, new RegExp(secret));
    assert.match(all[2] ?? "", /postgres:\/\/…@db\.example\/orders/);
  });

  it("holds the module as it is, since no line would be right without it", () => {
    const file = decodeFile(out);
    assert.ok(file.kind === "decoded");
    const text = readFileSync(join(folder, "odd.mjs"), "utf8");
    assert.equal(file.trace.tables.sources[0]?.text, text);
  });
});
