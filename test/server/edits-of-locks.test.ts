// Edits that put another lock, or another order, in place of what is there: where they are not offered, and what they become.

import assert from "node:assert/strict";
import { globalLockOrder } from "../../src/server/edits/global-lock-order.ts";
import { readWriteLock, stripedLock } from "../../src/server/edits/other-lock.ts";
import { applyChanges, offered, type Edit } from "../../src/server/edits/source-edit.ts";
import { handlerSource } from "../../src/server/source/handler-source.ts";

/** The text after the edit at the last `acquire(` or `run(`. */
function edited(edit: Edit, text: string, other = ""): string | undefined {
  const source = handlerSource(text, "handlers.ts", [{ shown: "other.ts", text: other }]);
  const offset = Math.max(text.lastIndexOf("acquire("), text.lastIndexOf("run("));
  const found = source === undefined ? undefined : offered(edit, source, offset);
  return found === undefined ? undefined : applyChanges(text, found.changes);
}

const handler = (name: string, body: string): string =>
  `export const ${name} = (event, ctx) => {\n  const rows = ctx.shared("rows", Int32Array, 8);\n${body}\n};\n`;

const order = (after: string | undefined): string[] =>
  [...(after ?? "").matchAll(/mutex\("(\w)"\)/g)].map(([, name]) => name ?? "");

const nested = (before: string, after: string): string =>
  handler(
    "enter",
    `  ctx.mutex("a").run(() => {\n    ${before}\n    ctx.mutex("b").run(() => rows[0]++);\n    ${after}\n  });`,
  );

const twoLocks = (name: string, first: string, second: string): string =>
  handler(
    name,
    `  using one = ctx.mutex("${first}").acquire();\n  using two = ctx.mutex("${second}").acquire();\n  rows[0]++;`,
  );

describe("one order for two locks", () => {
  it("is not offered where something runs under the outer lock alone", () => {
    assert.equal(edited(globalLockOrder, nested("rows[1]++;", "")), undefined);
    assert.equal(edited(globalLockOrder, nested("const n = rows[1];", "")), undefined);
    assert.equal(edited(globalLockOrder, nested("", "rows[1]++;")), undefined);
    assert.match(edited(globalLockOrder, nested("", "")) ?? "", /mutex\("b"\)\.run\(\(\) => \{/);
    assert.match(
      edited(globalLockOrder, nested("const more = event.payload.n * 2;", "")) ?? "",
      /mutex\("b"\)\.run\(\(\) => \{/,
    );
  });

  it("is for every place in the file that takes them in that order, and no other", () => {
    const text = twoLocks("f", "a", "b") + twoLocks("g", "b", "a") + twoLocks("h", "a", "b");
    assert.deepEqual(order(edited(globalLockOrder, text)), ["b", "a", "b", "a", "b", "a"]);
  });

  it("is not offered where the inner lock's name comes to be only in between", () => {
    const text = handler(
      "enter",
      '  const first = ctx.mutex("a").acquire();\n  const lock = ctx.mutex("b");\n  const second = lock.acquire();\n  rows[0]++;\n  second.release();\n  first.release();',
    );
    assert.equal(edited(globalLockOrder, text), undefined);
  });

  it("sorts names only where both are of one kind", () => {
    const text = handler(
      "enter",
      "  ctx.mutex(`user-${event.payload}`).run(() => ctx.mutex(`row-${event.payload}`).run(() => rows[0]++));",
    );
    assert.equal(edited(globalLockOrder, text), undefined);
  });
});

describe("a read-write lock in place of a mutex", () => {
  const write = handler("put", '  const lock = ctx.mutex("rows");\n  lock.run(() => rows[0]++);');

  it("takes the read side where nothing is changed, the write side elsewhere", () => {
    const text =
      write +
      handler("sum", '  return ctx.mutex("rows").run(() => rows.reduce((sum, n) => sum + n, 0));') +
      handler(
        "get",
        '  const guard = ctx.mutex("rows").acquire();\n  try {\n    let found = 0;\n    found = Math.max(found, rows[event.payload]);\n    return found;\n  } finally {\n    guard.release();\n  }',
      );
    const after = edited(readWriteLock, text) ?? "";
    assert.match(after, /const lock = ctx\.rwLock\("rows"\);\n {2}lock\.write\.run/);
    assert.match(after, /return ctx\.rwLock\("rows"\)\.read\.run/);
    assert.match(after, /const guard = ctx\.rwLock\("rows"\)\.read\.acquire\(\)/);
  });

  it("is not offered where nobody only reads, or where the lock may be taken elsewhere", () => {
    const bodies = [
      "Atomics.add(rows, 0, 1)",
      "rows.fill(0)",
      "log(rows[0])",
      "store(ctx)",
      "rows[0]++",
    ];
    const help = "function store(ctx) { ctx.shared('rows', Int32Array, 8)[0] = 1; }\n";
    for (const body of bodies) {
      const text = help + handler("f", `  return ctx.mutex("rows").run(() => ${body});`);
      assert.equal(edited(readWriteLock, text), undefined, body);
    }
    const reads = handler("f", '  return ctx.mutex("rows").run(() => rows[0]);');
    const passed = `export const g = (event, ctx) => use(ctx.mutex("rows"));\n${write}${reads}`;
    assert.equal(edited(readWriteLock, passed), undefined);
    const readsOnly = write + handler("get", '  return ctx.mutex("rows").run(() => rows[0]);');
    const elsewhere = handler("late", '  return ctx.mutex("rows").run(() => rows[0]);');
    assert.notEqual(edited(readWriteLock, readsOnly), undefined);
    assert.equal(edited(readWriteLock, readsOnly, elsewhere), undefined, "in another file");
  });
});

describe("a striped lock in place of a mutex", () => {
  it("is by the index that each region keeps to", () => {
    const text =
      handler(
        "put",
        '  const { row } = event.payload;\n  const lock = ctx.mutex("rows");\n  lock.run(() => rows[row]++);',
      ) +
      handler(
        "get",
        '  const guard = ctx.mutex("rows").acquire();\n  try {\n    return rows[event.payload];\n  } finally {\n    guard.release();\n  }',
      );
    const after = edited(stripedLock, text) ?? "";
    assert.match(after, /const lock = ctx\.striped\("rows", 64\);\n {2}lock\.of\(row\)\.run/);
    assert.match(after, /ctx\.striped\("rows", 64\)\.of\(event\.payload\)\.acquire\(\)/);
  });

  it("is not offered where a region needs more than one element", () => {
    for (const [why, body] of [
      ["two elements", "{ rows[event.a]--; rows[event.b]++; }"],
      ["all of them", "rows.reduce((sum, n) => sum + n, 0)"],
      ["one that is known only under the lock", "{ const i = event.payload; rows[i]++; }"],
      ["always the same", "rows[0]++"],
      ["it can't be told", "move(rows, event.payload)"],
    ] as const) {
      const text = handler("f", `  ctx.mutex("rows").run(() => ${body});`);
      assert.equal(edited(stripedLock, text), undefined, why);
    }
  });
});
