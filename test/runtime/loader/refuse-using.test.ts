// `using` where the engine does not know it.

import assert from "node:assert/strict";
import { LoadError } from "../../../src/runtime/loader/load-problem.ts";
import { refuseUsing } from "../../../src/runtime/loader/refuse-using.ts";
import { parseSource } from "../../../src/runtime/loader/syntax-tree.ts";

const check = (text: string, major: number): void =>
  refuseUsing(parseSource(text, "a.js"), "a.js", major);

describe("`using`", () => {
  it("is refused with its line where the engine does not know it", () => {
    for (const kind of ["using", "await using"]) {
      const text = `export async function f(lock) {\n  ${kind} guard = lock.acquire();\n}`;
      assert.throws(
        () => check(text, 20),
        (error) =>
          error instanceof LoadError &&
          error.problem.line === 2 &&
          error.problem.message.includes(`"${kind}"`),
      );
      check(text, 24);
    }
  });

  it("may be a name like any other", () =>
    check("const using = 1; export const f = () => using;", 20));
});
