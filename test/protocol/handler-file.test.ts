// What a file's text tells of its handlers, before anything of it runs.

import assert from "node:assert/strict";
import { exportedFunctions, looksLikeHandlers } from "../../src/protocol/handler-file.ts";

const namesIn = (text: string): string[] =>
  exportedFunctions(text, "/work/orders.ts").map(({ name, line }) => `${name}:${line}`);

describe("handler files", () => {
  it("are those that import poolscope or export a workload, and no others", () => {
    for (const text of [
      'import type { Handler } from "poolscope";',
      "const { pool } = require('poolscope');",
      "export function* workload() {}",
      "export async function workload() {}",
      "export const workload = [];",
      "exports.workload = function* () {};",
    ]) {
      assert.equal(looksLikeHandlers(text), true, text);
    }
    for (const text of [
      "export const answer = 42;",
      'import { x } from "poolscope-like";',
      "function workload() {}",
      "export function workloads() {}",
    ]) {
      assert.equal(looksLikeHandlers(text), false, text);
    }
  });

  it("name their handlers as the pool does: a default export by its file", () => {
    assert.deepEqual(
      namesIn(
        [
          "export const place: Handler<Order> = (event, ctx) => {};",
          "export async function cancel(event) {}",
          "export default async (event) => 1;",
          "export function* workload() {}",
          "export function setup(ctx) {}",
          "export const limit = 3;",
          "function inner() {}",
        ].join("\n"),
      ),
      ["place:0", "cancel:1", "orders:2"],
    );
    assert.deepEqual(namesIn("export default function main(event) {}"), ["orders:0"]);
  });
});
