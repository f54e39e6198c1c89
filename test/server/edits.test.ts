// Code actions that change a person's source: what they offer, what they refuse, and that handlers do the same before and
// after.

import assert from "node:assert/strict";
import { asyncTwin } from "../../src/server/edits/async-twin.ts";
import { atomicsAdd } from "../../src/server/edits/atomics-add.ts";
import { moveOutOfLock } from "../../src/server/edits/move-out-of-lock.ts";
import { releaseOnEveryPath } from "../../src/server/edits/release-on-every-path.ts";
import { applyChanges, offered, type Edit } from "../../src/server/edits/source-edit.ts";
import { handlerSource } from "../../src/server/source/handler-source.ts";
import type { OtherFile } from "../../src/server/source/other-files.ts";

/** The text after the edit at the first acquire or run; undefined when none is offered. */
function edited(edit: Edit, text: string): string | undefined {
  const offset = text.search(/\.(?:acquire|acquireAsync|run)\(/) + 1;
  const source = handlerSource(text, "handlers.ts");
  const found = source === undefined ? undefined : offered(edit, source, offset);
  return found === undefined ? undefined : applyChanges(text, found.changes);
}

const pure = `function hash(amount: number): number {
  let value = amount;
  for (let i = 0; i < 10; i++) value = Math.imul(value ^ i, 31);
  return value;
}
`;

const handler = (body: string, parameter = "amount: number"): string =>
  `${pure}export function enter(ctx: Ctx, ${parameter}): number {\n${body}}\n`;

const region = (statement: string): string =>
  `  const guard = ctx.mutex("a").acquire();\n  try {\n    ${statement}\n    return sum;\n  } finally {\n    guard.release();\n  }\n`;

describe("moving work out of a lock", () => {
  it("puts a pure call before the acquire, with the file's own indent", () => {
    const body =
      '  const guard = ctx.mutex("a").acquire();\n  try {\n    const sum = hash(amount);\n' +
      "    cells[0] = sum;\n    return sum;\n  } finally {\n    guard.release();\n  }\n";
    const after = edited(moveOutOfLock, handler(body)) ?? "";
    assert.ok(
      after.includes(
        '  const sum = hash(amount);\n  const guard = ctx.mutex("a").acquire();\n  try {\n    cells[0]',
      ),
      after,
    );
    const tabs = edited(moveOutOfLock, handler(body).replaceAll("  ", "\t")) ?? "";
    assert.ok(tabs.includes("\tconst sum = hash(amount);\n\tconst guard"), tabs);
  });

  it("knows `using` and `run` as locked regions too", () => {
    const using = edited(
      moveOutOfLock,
      handler(
        '  using guard = ctx.mutex("a").acquire();\n  const sum = hash(amount);\n  return sum;\n',
      ),
    );
    assert.ok(using?.includes("  const sum = hash(amount);\n  using guard"), using);
    const run = edited(
      moveOutOfLock,
      handler(
        '  return ctx.mutex("a").run(() => {\n    const sum = hash(amount);\n    cells[0] = sum;\n    return sum;\n  });\n',
      ),
    );
    assert.ok(run?.includes("  const sum = hash(amount);\n  return ctx.mutex"), run);
  });

  it("gives the value a name of its own where the statement can't move", () => {
    for (const text of [
      handler(region("let sum = hash(amount);")),
      handler(`${region("const sum = hash(amount);")}  log(sum);\n`),
    ]) {
      const after = edited(moveOutOfLock, text) ?? "";
      assert.match(after, /^ {2}const hashResult = hash\(amount\);\n {2}const guard/m);
      assert.match(after, /^ {4}(?:let|const) sum = hashResult;$/m);
    }
  });

  it("offers nothing that could be told apart", () => {
    for (const [why, text] of [
      ["it reads shared memory", handler(region("const sum = cells[0] ?? 0;"))],
      ["what it calls is not known", handler(region("const sum = other(amount);"))],
      [
        "its operand is no primitive",
        handler(region("const sum = hash(amount);"), "amount: Money"),
      ],
      ["its operand changes", handler(`  amount++;\n${region("const sum = hash(amount);")}`)],
      ["it runs after something else", handler(region("touch();\n    const sum = hash(amount);"))],
      [
        "the function writes outside",
        handler(region("const sum = hash(amount);")).replace(
          "let value = amount;",
          "let value = amount; calls++;",
        ),
      ],
      [
        "the function is random",
        handler(region("const sum = hash(amount);")).replace(
          "Math.imul(value ^ i, 31)",
          "Math.random()",
        ),
      ],
      [
        "the function never is the one",
        handler(region("const sum = hash(amount);")).replace(
          "export function",
          "hash = other;\nexport function",
        ),
      ],
      [
        "it does not parse",
        handler(region("const sum = hash(amount);")).replace("return value;", "return value +;"),
      ],
    ] as const) {
      assert.equal(edited(moveOutOfLock, text), undefined, why);
    }
  });
});

const around = (between: string): string =>
  `const f = (ctx) => {\n  const guard = ctx.mutex("a").acquire();\n${between}  guard.release();\n  return sum;\n};\n`;

describe("releasing on every path", () => {
  it("puts try and finally around what runs in between", () => {
    const text =
      'export const f = (ctx) => {\n\tconst guard = ctx.mutex("a").acquire();\n\tone();\n\n\tif (x) {\n\t\ttwo();\n\t}\n\tguard.release();\n\tthree();\n};\n';
    assert.equal(
      edited(releaseOnEveryPath, text),
      'export const f = (ctx) => {\n\tconst guard = ctx.mutex("a").acquire();\n\ttry {\n\t\tone();\n\n\t\tif (x) {\n\t\t\ttwo();\n\t\t}\n\t} finally {\n\t\tguard.release();\n\t}\n\tthree();\n};\n',
    );
  });

  it("offers nothing where names would fall out of sight, or nothing runs in between", () => {
    assert.equal(edited(releaseOnEveryPath, around("  const sum = one();\n")), undefined);
    assert.equal(edited(releaseOnEveryPath, around("")), undefined);
  });
});

const counting = (body: string, type = "Int32Array", name = "enter"): string =>
  `export const ${name} = (event, ctx) => {\n  const cells = ctx.shared("hits", ${type}, 4);\n` +
  `  ctx.mutex("hits").run(() => {\n    ${body}\n  });\n};\n`;

function riskOf(edit: Edit, text: string): string | undefined {
  const source = handlerSource(text, "handlers.ts");
  const found = source === undefined ? undefined : offered(edit, source, text.indexOf("run("));
  assert.ok(found !== undefined, "nothing is offered");
  return found.risk;
}

const cellsFile = (text: string): OtherFile => ({ shown: "cells.ts", text });

function riskBeside(other: string): string | undefined {
  const text = counting("cells[0]++;");
  const source = handlerSource(text, "handlers.ts", [cellsFile(other)]);
  const found =
    source === undefined ? undefined : offered(atomicsAdd, source, text.indexOf("run("));
  return found === undefined ? "not offered" : found.risk;
}

describe("Atomics in place of a lock", () => {
  it("is not offered where another file of the pool takes the lock or uses the memory", () => {
    for (const [why, other] of [
      ["the lock", 'export const f = (event, ctx) => ctx.mutex("hits").run(() => 1);\n'],
      ["an element", 'export const f = (e, ctx) => ++ctx.shared("hits", Int32Array, 4)[0];\n'],
      [
        "an element, by a constant",
        'export const f = (e, ctx) => {\n  const all = ctx.shared("hits", Int32Array, 4);\n  Atomics.add(all, 0, 1);\n  all[1] = 0;\n};\n',
      ],
    ] as const) {
      assert.equal(riskBeside(other), "not offered", why);
    }
  });

  it("says which place of another file may do so", () => {
    const dynamic = "\nexport const f = (event, ctx) => ctx.mutex(event.type).run(() => 1);\n";
    assert.match(riskBeside(dynamic) ?? "", /^cells\.ts, line 2 may take lock "hits" too/);
    const array = "export const f = (event, ctx) => ctx.shared(event.type, Int32Array, 4)[0];\n";
    assert.match(riskBeside(array) ?? "", /^cells\.ts, line 1 may use shared "hits" too/);
    assert.match(riskBeside('ctx.mutex("hits"') ?? "", /^cells\.ts may take lock "hits" too/);
  });

  it("is proven where other files have other names, or use the memory by Atomics alone", () => {
    for (const other of [
      'export const f = (e, ctx) => ctx.mutex("rows").run(() => ctx.shared("rows", Int32Array, 4)[0]++);\n',
      'export const f = (e, ctx) => Atomics.load(ctx.shared("hits", Int32Array, 4), 0);\n',
      'export const f = (e, ctx) => {\n  const all = ctx.shared("hits", Int32Array, 4);\n  return Atomics.add(all, 0, 1);\n};\n',
    ]) {
      assert.equal(riskBeside(other), undefined, other);
    }
  });

  it("is not offered where an update could be lost or a result be another", () => {
    for (const [why, text] of [
      ["the array holds fractions", counting("cells[0]++;", "Float64Array")],
      ["there are two elements", counting("cells[0]++;\n    cells[1]++;")],
      ["it does more", counting("cells[0]++;\n    log();")],
      ["the operand is read from shared memory", counting("cells[0] += cells[1];")],
      ["the operand is computed", counting("cells[0] += next();")],
      ["the array is not known", counting("cells[0]++;").replace("ctx.shared", "ctx.other")],
      [
        "another holder updates the array in its own way",
        `${counting("cells[0]++;")}${counting("if (cells[0] > 3) cells[0] = 0;", "Int32Array", "other")}`,
      ],
      [
        "another holder may, in a function that it calls",
        `${counting("cells[0]++;")}${counting("reset(ctx);", "Int32Array", "other")}function reset(ctx) { ctx.shared("hits", Int32Array, 4).fill(0); }`,
      ],
      [
        "the lock is held across an await",
        counting("cells[0]++;").replace("run(() =>", "run(async () =>"),
      ],
    ] as const) {
      assert.equal(edited(atomicsAdd, text), undefined, why);
    }
  });

  it("says what may change where the lock does more than guard the counter", () => {
    const other = counting("log();", "Int32Array", "other")
      .replaceAll("cells", "rows")
      .replace('shared("hits"', 'shared("rows"');
    assert.match(riskOf(atomicsAdd, counting("cells[0]++;") + other) ?? "", /guards other things/);
    const dynamic = "export const f = (event, ctx) => ctx.mutex(event.payload).run(() => 1);\n";
    assert.match(riskOf(atomicsAdd, counting("cells[0]++;") + dynamic) ?? "", /^Line 7 may take/);
    const template =
      "export const f = (event, ctx) => ctx.mutex(`a-${event.payload}`).run(() => 1);\n";
    assert.equal(riskOf(atomicsAdd, counting("cells[0]++;") + template), undefined);
  });
});

const awaited = (text: string): string | undefined => {
  const source = handlerSource(text, "handlers.ts");
  const offset = text.lastIndexOf("Sync(");
  const found = source === undefined ? undefined : offered(asyncTwin, source, offset);
  return found === undefined ? undefined : applyChanges(text, found.changes);
};

describe("a call that blocks, awaited", () => {
  const fs = 'import { readFileSync } from "node:fs";\n';
  it("is not offered where it can't be awaited, or would be under a lock", () => {
    for (const [why, text] of [
      ["the function is not async", `${fs}export const f = () => readFileSync("a");`],
      [
        "it is in a callback",
        `${fs}export const f = async () => [1].map(() => readFileSync("a"));`,
      ],
      [
        "the lock is held meanwhile",
        `${fs}export const f = async (e, ctx) => {\n  using guard = ctx.mutex("a").acquire();\n  return readFileSync("a");\n};`,
      ],
      ["it is somebody else's function", 'export const f = async () => readFileSync("a");'],
      [
        "the twin does something else",
        'import { statSync } from "fs";\nexport const f = async () => statSync("a", { throwIfNoEntry: false });',
      ],
    ] as const) {
      assert.equal(awaited(text), undefined, why);
    }
  });

  it("uses the import that is there, and another name where that one is taken", () => {
    const imported = `${fs}import { readFile as read } from "node:fs/promises";\nexport const f = async () => readFileSync("a");`;
    assert.equal(awaited(imported), imported.replace('readFileSync("a")', 'await read("a")'));
    const taken = `${fs}const readFile = 1;\nexport const f = async () => readFileSync("a", readFile);`;
    assert.match(
      awaited(taken) ?? "",
      /import \{ readFile as readFile2 \} from "node:fs\/promises";\nconst readFile = 1;\n.*await readFile2\("a", readFile\)/,
    );
    const required = `const { readFileSync } = require('fs')\nmodule.exports = async () => readFileSync("a")\n`;
    assert.match(awaited(required) ?? "", /^const \{ readFile \} = require\('fs\/promises'\)$/m);
  });
});
