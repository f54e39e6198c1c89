// Which modules are worker files of piscina or tinypool, that know nothing of events.

import assert from "node:assert/strict";
import { takesPayloadItself } from "../../../src/runtime/loader/pool-worker-file.ts";
import { parseSource } from "../../../src/runtime/loader/syntax-tree.ts";

const of = (text: string): boolean => takesPayloadItself(parseSource(text, "w.js"));

describe("a pool's worker file", () => {
  it("is told by what its only function takes from its only parameter", () => {
    for (const text of [
      "module.exports = ({ a, b }) => a + b;",
      "export default async ({ path }) => path;",
      "export default function (task) { return task.size * 2; }",
      "const run = 1; function work(task) { return task.size; }\nmodule.exports = work;",
    ]) {
      assert.equal(of(text), true, text);
    }
  });

  it("is no module whose function may be given an event", () => {
    for (const text of [
      "export default (event) => event.payload.a;",
      "export default ({ payload }) => payload;",
      "export default (event) => run(event);",
      "export default (event, ctx) => event.size;",
      "export default () => 1;",
      "export default (task) => task.size; export const other = (task) => task.size;",
      "exports.one = ({ a }) => a; exports.two = ({ a }) => a;",
      "export const one = ({ a }) => a;",
    ]) {
      assert.equal(of(text), false, text);
    }
  });
});
