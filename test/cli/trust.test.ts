// Traces that were recorded elsewhere, from the terminal: nothing that they hold runs unasked.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chunksOf, type FileParts } from "../support/sealed-file.ts";

const main = resolve("dist/poolscope.js");

interface Finished {
  readonly status: number | null;
  readonly text: string;
}

function finished(program: string, argv: readonly string[], input = ""): Promise<Finished> {
  const child = spawn(program, argv, { stdio: "pipe" });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  }
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((done) => {
    child.on("close", (status) => done({ status, text: text.replaceAll("\r", "") }));
  });
}

const run = (...argv: readonly string[]): Promise<Finished> =>
  finished(process.execPath, [main, ...argv]);

describe("poolscope and a trace from elsewhere", function () {
  this.timeout(120_000);
  let folder = "";
  let module = "";
  let trace = "";
  let marker = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    module = join(folder, "a.js");
    trace = join(folder, "theirs.pooltrace");
    marker = join(folder, "it-ran");
    writeFileSync(module, "export default () => 1; export function* workload() { yield {}; }");
    forge({});
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** As soon as it is loaded it leaves a mark, and is refused then. */
  function forge({ header, sources }: FileParts): void {
    const mark = `import { writeFileSync } from "node:fs";
      writeFileSync(${JSON.stringify(marker)}, [...process.execArgv, process.title, process.env.NODE_OPTIONS, process.cwd()].join("\\n"));
      export const nothing = 1;`;
    const chunks = chunksOf({
      header: { root: folder, module: "a.js", ...header },
      sources: { "a.js": mark, "b.js": "", ...sources },
    });
    writeFileSync(trace, Buffer.concat(chunks));
  }

  it("refuses to run its sources, says which, and what to do", async () => {
    for (const versions of [
      [trace, module],
      [module, trace],
    ]) {
      const { status, text } = await run("compare", ...versions);
      assert.equal(status, 2, text);
      assert.match(text, /not recorded by this installation: it does not end with a seal/);
      assert.match(text, /Comparing runs its sources: a\.js, b\.js\./);
      assert.match(text, /--trust-trace/);
      assert.ok(!existsSync(marker));
    }
  });

  it("runs them once the person says so", async () => {
    const { status, text } = await run("compare", trace, module, "--trust-trace");
    assert.equal(status, 3, text);
    assert.ok(existsSync(marker), text);
  });

  it("takes neither options of Node nor a folder nor files to write from it, even then", async () => {
    const configuration = {
      execArgv: ["--require", join(folder, "evil.cjs"), "--title=theirs"],
      env: { NODE_OPTIONS: "--title=theirs" },
      envFile: join(folder, "none.env"),
      cwd: "/",
      deadLetters: join(folder, "dead.jsonl"),
      sources: [{ kind: "lines", type: "a", path: join(folder, "lines") }],
      workload: { kind: "json-lines", path: "/etc/passwd" },
      nodePath: "/evil/node",
      threads: 1,
    };
    writeFileSync(join(folder, "evil.cjs"), `require("fs").writeFileSync("${folder}/evil", "")`);
    forge({ header: { configuration, nodePath: "/evil/node" } });
    const { status, text } = await run("compare", trace, module, "--trust-trace");
    assert.equal(status, 3, text);
    const seen = readFileSync(marker, "utf8");
    assert.ok(!seen.includes("theirs"), seen);
    assert.ok(!existsSync(join(folder, "evil")) && !existsSync(join(folder, "dead.jsonl")));
  });

  it("refuses settings that no person may give, and a module that lies elsewhere", async () => {
    const wrong: readonly [FileParts["header"], RegExp][] = [
      [
        { configuration: { threads: 1e9 } },
        /threads of its configuration: 1000000000 is not allowed/,
      ],
      [{ configuration: { arrival: { kind: "open", perSecond: -1 } } }, /arrival.*perSecond/],
      [{ configuration: { sharedBytes: 1e300 } }, /sharedBytes/],
      [{ configuration: { model: ["x"] } }, /model of its configuration/],
    ];
    for (const [header = {}, why] of wrong) {
      forge({ header });
      const { status, text } = await run("compare", trace, module, "--trust-trace");
      assert.equal(status, 3, text);
      assert.match(text, why);
      assert.ok(!existsSync(marker));
    }
    forge({ header: { module: "../x.js" }, sources: { "../x.js": "" } });
    const { text } = await run("compare", trace, module, "--trust-trace");
    assert.match(text, /is of \.\.\/x\.js, which is not in/);
  });

  it("asks on a terminal, shows the sources first if that is wanted, and takes no for an answer", async function () {
    if (process.platform !== "linux") this.skip();
    const command = `'${process.execPath}' '${main}' compare '${trace}' '${module}'`;
    const ask = (input: string): Promise<Finished> =>
      finished("script", ["-qec", command, "/dev/null"], input);
    for (const no of ["\n", "n\n", "s\nno\n", "what\n"]) {
      const { status, text } = await ask(no);
      assert.equal(status, 2, text);
      assert.match(text, /Run them\?/);
      assert.ok(!existsSync(marker));
      assert.equal(text.includes("export const nothing"), no.startsWith("s"));
    }
    const { status, text } = await ask("y\n");
    assert.equal(status, 3, text);
    assert.ok(existsSync(marker));
  });

  it("shows a report of it without reading what it names", async () => {
    forge({ header: { root: "/", module: "dev/zero" } });
    for (const argv of [
      ["report", trace],
      ["report", trace, "--sarif"],
      ["check", trace],
    ]) {
      const { status, text } = await run(...argv);
      assert.ok(status === 0 || status === 2, text);
    }
  });
});
