// Whatever stands in poolscope.json, package.json and the files that pin a Node: a value, or one sentence that names its place.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { readBudget, readConfiguration } from "../../src/session/configuration.ts";
import { findNode } from "../../src/session/find-node.ts";

const keys = [
  ...["threads", "model", "deadLetters", "workload", "sources", "cwd", "env", "envFile"],
  ...["execArgv", "ignore", "handlers", "budget", "rules", "affinity", "watch", "rate"],
];

/** Every shape of JSON, and strings that files, processes and prototypes trip over. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom("", "\0", "a\0b", "__proto__", "..", "/", ".", "-e", "--", "empty:1e9", "empty:"),
  fc.array(fc.constantFrom("", "\0", "-e", "--eval=1", "a.js", "-r", "./b", 7, null)),
  fc.dictionary(fc.constantFrom("A", "", "A=B", "A\0", "__proto__"), fc.constantFrom("1", "\0", 1)),
);

describe("odd settings", () => {
  let folder = "";
  let module = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    module = join(folder, "handlers.mjs");
    writeFileSync(join(folder, "package.json"), "{}");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (settings: unknown, name = "poolscope.json"): void =>
    writeFileSync(
      join(folder, name),
      typeof settings === "string" ? settings : JSON.stringify(settings),
    );

  const refusal = (settings: unknown): string => {
    write(settings);
    const read = readConfiguration(module, {});
    assert.ok(read.kind === "refused", JSON.stringify(read));
    return read.problem;
  };

  it("give a value or a sentence with the key, for any value of any key", () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), odd, (key, value) => {
        write({ [key]: value });
        const read = readConfiguration(module, {});
        if (read.kind === "refused")
          assert.match(read.problem, new RegExp(`json: ${key}\\b.*\\.$`, "s"));
        assert.ok(["read", "refused"].includes(readBudget(join(folder, "poolscope.json")).kind));
      }),
      { numRuns: 400 },
    );
  });

  it("give a value or a sentence for any text of the file", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        write(text);
        const read = readConfiguration(module, {});
        if (read.kind === "refused") assert.match(read.problem, /poolscope\.json/);
      }),
    );
    const deep = 200_000;
    assert.match(refusal(`{"threads": ${"[".repeat(deep)}${"]".repeat(deep)}}`), /threads: /);
    rmSync(join(folder, "poolscope.json"));
    mkdirSync(join(folder, "poolscope.json"));
    const read = readConfiguration(module, {});
    assert.ok(read.kind === "refused");
    assert.match(read.problem, /poolscope\.json/);
  });

  const refused: readonly (readonly [object, RegExp])[] = [
    [{ env: { A: "a\0b" } }, /json: env: the value of "A" holds a NUL character/],
    [{ env: { "A=B": "1" } }, /json: env: "A=B" is no variable's name/],
    [{ env: { "": "1" } }, /json: env: "" is no variable's name/],
    [{ env: { A: 1 } }, /json: env: "A" is no string/],
    [{ execArgv: ["--a\0"] }, /json: execArgv, "--a\\u0000": a flag .* no NUL/],
    [{ execArgv: ["other.js"] }, /json: execArgv, "other\.js": give flags of Node/],
    [{ execArgv: ["--eval=1"] }, /json: execArgv, "--eval=1": with it Node would not run/],
    [{ cwd: "package.json" }, /json: cwd: .*package\.json is no folder/],
    [{ envFile: "." }, /json: envFile: .* is a folder/],
    [{ deadLetters: "package.json" }, /json: deadLetters: .*package\.json holds something else/],
    [{ deadLetters: "." }, /json: deadLetters: .* is no plain file/],
    [{ workload: "empty:99999999999" }, /json: workload: empty: takes at most/],
  ];
  for (const [settings, sentence] of refused) {
    it(`refuse ${JSON.stringify(settings)} by a sentence`, () => {
      assert.match(refusal(settings), sentence);
    });
  }

  it("never show the value of a variable", () => {
    for (const value of ["secret\0", 12_345, { secret: "secret" }]) {
      assert.doesNotMatch(refusal({ env: { TOKEN: value } }), /secret|12345/);
    }
  });

  it("take dead letters where there are some, or nothing yet", () => {
    writeFileSync(join(folder, "some.jsonl"), '{"type":"work","error":{"message":""}}\n');
    writeFileSync(join(folder, "empty.jsonl"), "");
    for (const deadLetters of ["some.jsonl", "empty.jsonl", "none.jsonl"]) {
      write({ deadLetters });
      const read = readConfiguration(module, {});
      assert.ok(read.kind === "read", JSON.stringify(read));
      assert.equal(read.configuration.deadLetters, join(folder, deadLetters));
    }
  });

  it("have paths relative to the file that says them, those of options to the current folder", () => {
    mkdirSync(join(folder, "inner"));
    const settings = {
      workload: "events.jsonl",
      deadLetters: "letters.jsonl",
      cwd: "inner",
      envFile: "../package.json",
      sources: [{ kind: "file", path: "a.txt" }],
      execArgv: ["--require", "./a.cjs", "--import=../b.mjs", "--max-old-space-size=64"],
    };
    writeFileSync(
      join(folder, "inner", "settings.json"),
      JSON.stringify({ ...settings, cwd: "." }),
    );
    const inner = (name: string): string => join(folder, "inner", name);
    const read = readConfiguration(module, { config: inner("settings.json") });
    assert.ok(read.kind === "read", JSON.stringify(read));
    const { workload, deadLetters, cwd, envFile, sources, execArgv } = read.configuration;
    assert.deepEqual(workload, { kind: "json-lines", path: inner("events.jsonl") });
    assert.equal(deadLetters, inner("letters.jsonl"));
    assert.equal(cwd, join(folder, "inner"));
    assert.equal(envFile, join(folder, "package.json"));
    assert.deepEqual(sources, [{ kind: "file", path: inner("a.txt") }]);
    assert.deepEqual(execArgv, [
      ...["--require", inner("a.cjs"), `--import=${join(folder, "b.mjs")}`],
      "--max-old-space-size=64",
    ]);
    const options = { workload: "events.jsonl", "dead-letters": "no-such-letters.jsonl" };
    const given = readConfiguration(module, options);
    assert.ok(given.kind === "read");
    assert.deepEqual(given.configuration.workload, {
      kind: "json-lines",
      path: resolve("events.jsonl"),
    });
    assert.equal(given.configuration.deadLetters, resolve("no-such-letters.jsonl"));
  });

  it("of the Node to run: a Node, or a sentence with the file and the key", () => {
    fc.assert(
      fc.property(
        fc.oneof(odd, fc.record({ volta: odd }), fc.record({ volta: fc.record({ node: odd }) })),
        (value) => {
          write(JSON.stringify(value) ?? "", "package.json");
          const found = findNode(undefined, folder);
          if (found.kind === "refused")
            assert.match(found.problem, /package\.json: volta(\.node)?: .* is not allowed/s);
        },
      ),
      { numRuns: 300 },
    );
    write({ volta: { node: 20 } }, "package.json");
    const found = findNode(undefined, folder);
    assert.ok(found.kind === "refused");
    assert.match(found.problem, /volta\.node: 20 is not allowed; give a version as a text/);
  });

  it("of the Node to run, in .nvmrc and .node-version: whatever they hold", () => {
    for (const name of [".nvmrc", ".node-version"]) {
      fc.assert(
        fc.property(
          fc.oneof(fc.string(), fc.constantFrom("lts/*", "v20 # ours", "../..", "\0")),
          (text) => {
            write(text, name);
            assert.equal(findNode(undefined, folder).kind, "found");
          },
        ),
      );
      rmSync(join(folder, name));
      mkdirSync(join(folder, name));
      const found = findNode(undefined, folder);
      assert.ok(found.kind === "refused");
      assert.match(
        found.problem,
        new RegExp(`${name.replace(".", "\\.")} can't be read: a folder`),
      );
      rmSync(join(folder, name), { recursive: true });
    }
  });
});
