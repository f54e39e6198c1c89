// Checks of a handler file's text while it is typed: what they say, where, and what they leave alone.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { staticFindings } from "../../src/server/static/static-checks.ts";
import { staticRules } from "../../src/server/static/static-finding.ts";

const header = 'import { pool } from "poolscope";\n';

/** What is found in a handler file with this text: rule and underlined text. */
function found(text: string, file = "handlers.ts"): string[] {
  const whole = header + text;
  const findings = staticFindings(whole, file) ?? [];
  return findings.map(({ rule, start, end }) => `${rule}: ${whole.slice(start, end)}`);
}

const handler = (body: string): string =>
  `export const enter = async (event, ctx) => {\n${body}\n};\n`;

const held = (body: string, acquire = 'ctx.mutex("a").acquire()'): string =>
  handler(`const guard = ${acquire};\ntry {\n${body}\n} finally {\n guard.release();\n}`);

const syncCall = (name: string): string[] => [`sync-call-in-async-handler: ${name}`];

describe("checks while typing", () => {
  it("look at handler files alone", () => {
    const text = held("await work();");
    assert.equal(staticFindings(text, "handlers.ts")?.length, 0);
    assert.equal(staticFindings(header + text, "handlers.ts")?.length, 1);
  });

  it("know a lock held across an await, in each form of scoped locking", () => {
    const sign = ["await-under-lock: await"];
    assert.deepEqual(found(held("await work();")), sign);
    assert.deepEqual(found(held("await work();", 'await ctx.mutex("a").acquireAsync()')), sign);
    assert.deepEqual(
      found(handler('using guard = ctx.mutex("a").acquire();\nawait work();')),
      sign,
    );
    assert.deepEqual(found(handler('ctx.mutex("a").run(async () => { await work(); });')), sign);
    assert.deepEqual(found(handler('await ctx.mutex("a").run(async () => await work());')), sign);
    assert.deepEqual(found(held("for await (const x of rows) use(x);")), [
      "await-under-lock: for await",
    ]);
    assert.deepEqual(
      found(handler('const lock = ctx.mutex("a");\nlock.run(async () => await work());')),
      sign,
    );
    assert.deepEqual(
      found("export async function enter(lock: Mutex) {\nlock.run(async () => await work());\n}"),
      sign,
    );
    assert.deepEqual(found(handler('ctx.rwLock("a").read.run(async () => await work());')), sign);
  });

  it("leave alone what is awaited without the lock", () => {
    assert.deepEqual(
      found(handler('await work();\nctx.mutex("a").run(() => 1);\nawait work();')),
      [],
    );
    assert.deepEqual(found(held("const later = async () => await work();\nkeep(later);")), []);
    assert.deepEqual(found(handler('ctx.semaphore("a", 4).run(async () => await work());')), []);
    assert.deepEqual(found(handler("await tests.run(async () => await work());")), []);
    assert.deepEqual(
      found(handler("const db = await connections.acquire();\nawait db.query();")),
      [],
    );
  });

  it("know a guard that a path leaves held", () => {
    const sign = ["release-not-on-every-path: acquire"];
    const take = 'const guard = ctx.mutex("a").acquire();\n';
    const leaks = [
      `${take}if (cells[0] === 0) return 1;\nguard.release();`,
      `${take}work();\nguard.release();`,
      `${take}if (cells[0] === 0) guard.release();`,
      `${take}try { work(); guard.release(); } catch { return 0; }`,
      `${take}throw new Error();`,
      `for (const x of [1]) {\n${take}if (x === 1) continue;\nguard.release();\n}`,
      `${take}cells[0]++;`,
      'ctx.mutex("a").acquire();',
    ];
    for (const body of leaks) assert.deepEqual(found(handler(body)), sign, body);
  });

  it("say by which path", () => {
    const text = `${header}export const f = (event, ctx) => {
  const guard = ctx.mutex("stock").acquire();
  if (event.payload === 0) return "none";
  guard.release();
};
`;
    const [finding] = staticFindings(text, "handlers.ts") ?? [];
    assert.match(finding?.message ?? "", /^Lock "stock" stays held after the return in line 4\./);
  });

  it("leave alone a guard that every path releases, or that is handed on", () => {
    const take = 'const guard = ctx.mutex("a").acquire();\n';
    const fine = [
      `${take}cells[0]++;\nguard.release();\nwork();`,
      `${take}try { work(); } finally { guard.release(); }`,
      `${take}if (cells[0] === 0) { guard.release(); return 1; }\ncells[0]--;\nguard.release();`,
      `${take}const n = cells[0];\ntry { work(n); } finally { guard.release(); }`,
      `${take}try { work(); guard.release(); } catch { guard.release(); }`,
      `${take}return guard;`,
      `${take}keep(guard);`,
      `${take}let x = 0;\ntry { x = work(); } finally { if (!guard.abandoned) log(x); guard.release(); }`,
      'using guard = ctx.mutex("a").acquire();\nwork();',
      'return ctx.mutex("a").acquire();',
    ];
    for (const body of fine) assert.deepEqual(found(handler(body)), [], body);
  });

  it("know an Atomics.wait without a timeout under a lock", () => {
    const sign = ["wait-without-timeout: Atomics.wait"];
    assert.deepEqual(found(held("Atomics.wait(cells, 0, 0);")), sign);
    assert.deepEqual(found(held("Atomics.wait(cells, 0, 0, Infinity);")), sign);
    assert.deepEqual(found(held("Atomics.wait(cells, 0, 0, 100);")), []);
    assert.deepEqual(found(handler("Atomics.wait(cells, 0, 0);")), []);
  });

  it("know a synchronous call in an async handler, and in what it calls", () => {
    const fs =
      'import { readFileSync as read, existsSync } from "node:fs";\nimport * as all from "fs";\n';
    const child = 'const { execSync } = require("child_process");\n';
    assert.deepEqual(found(fs + handler('return read("a");')), syncCall("read"));
    assert.deepEqual(found(fs + handler('return all.statSync("a");')), syncCall("statSync"));
    assert.deepEqual(found(child + handler('return execSync("ls");')), syncCall("execSync"));
    assert.deepEqual(
      found(`${fs}async function load() { return read("a"); }\n${handler("return load();")}`),
      syncCall("read"),
    );
  });

  it("leave alone what a synchronous handler does, and what no handler does", () => {
    const fs = 'import { readFileSync, existsSync } from "node:fs";\n';
    assert.deepEqual(found(`${fs}export const f = (event) => readFileSync("a");`), []);
    assert.deepEqual(found(`${fs}export async function setup() { readFileSync("a"); }`), []);
    assert.deepEqual(found(fs + handler('return existsSync("a");')), []);
    assert.deepEqual(found(handler('return readFileSync("a");')), []);
  });

  it("can be told to leave a line alone, with a reason", () => {
    const line = (comment: string, behind = ""): string[] =>
      found(held(`${comment}\nawait work();${behind}`));
    assert.deepEqual(line("// poolscope-ignore await-under-lock: nobody else wants it"), []);
    assert.deepEqual(line("", " // poolscope-ignore await-under-lock: it is short"), []);
    assert.equal(line("// poolscope-ignore wait-without-timeout: another rule").length, 1);
    assert.equal(line("// poolscope-ignore await-under-lock").length, 1, "no reason is given");
    assert.equal(
      found(held("// poolscope-ignore await-under-lock: x\nwork();\nawait work();")).length,
      1,
      "the comment is above another line",
    );
  });

  it("bear half-typed text", () => {
    assert.deepEqual(found(held("await work();\nconst x = 1, x = 2;")), [
      "await-under-lock: await",
    ]);
    assert.equal(staticFindings(`${header}export const f = (((`, "handlers.ts"), undefined);
  });

  it("find nothing in the examples", () => {
    const files = readdirSync("examples", { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `examples/${file}`);
    assert.ok(files.length > 0);
    for (const file of files) {
      assert.deepEqual(staticFindings(readFileSync(file, "utf8"), file), [], file);
    }
  });

  it("have a page each", () => {
    for (const rule of staticRules) assert.ok(existsSync(`docs/diagnostics/${rule}.md`), rule);
  });
});
