// Edits of single calls: awaited instead of blocking, one thread woken instead of all.

import { asyncTwin } from "../../../src/server/edits/async-twin.ts";
import { notifyOne } from "../../../src/server/edits/notify-one.ts";
import { numbers, type EditCase } from "./edit-case.ts";

const twin = {
  edit: asyncTwin,
  mayChange: true,
  payloads: numbers.slice(0, 20),
  results: 20,
} as const;

export const twins: readonly EditCase[] = [
  {
    ...twin,
    name: "awaits readFile in place of readFileSync, and imports it",
    at: "readFileSync(",
    before: `import { readFileSync } from 'node:fs';
export const enter = async (event, ctx) => {
  const size = readFileSync(import.meta.filename, "utf8").length;
  return size > 0;
};
`,
    from: `import { readFileSync } from 'node:fs';
export const enter = async (event, ctx) => {
  const size = readFileSync(import.meta.filename, "utf8").length;`,
    to: `import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
export const enter = async (event, ctx) => {
  const size = (await readFile(import.meta.filename, "utf8")).length;`,
  },
  {
    ...twin,
    name: "goes by fs.promises where the file has the whole module",
    at: "statSync",
    before: `import * as fs from "fs";
export async function enter() {
  return fs.statSync(import.meta.filename).isFile();
}
`,
    from: "fs.statSync(import.meta.filename).isFile()",
    to: "(await fs.promises.stat(import.meta.filename)).isFile()",
  },
  {
    ...twin,
    name: "awaits exec in place of execSync, with the same bytes",
    at: "execSync(",
    before: `import { execSync } from "node:child_process";
export const enter = async (event) => execSync(\`echo \${event.payload}\`).toString("utf8");
`,
    from: `import { execSync } from "node:child_process";
export const enter = async (event) => execSync(\`echo \${event.payload}\`).toString("utf8");`,
    to: `import { execSync, exec } from "node:child_process";
import { promisify } from "node:util";
export const enter = async (event) => (await promisify(exec)(\`echo \${event.payload}\`, { encoding: "buffer" })).stdout.toString("utf8");`,
    payloads: numbers.slice(0, 4),
    results: 4,
  },
  {
    ...twin,
    name: "awaits Atomics.waitAsync in place of Atomics.wait",
    at: "Atomics.wait(",
    before: `
export const enter = async (event, ctx) => Atomics.wait(ctx.shared("w1", Int32Array, 1), 0, 0, 5);
`,
    from: 'Atomics.wait(ctx.shared("w1", Int32Array, 1), 0, 0, 5)',
    to: 'await Atomics.waitAsync(ctx.shared("w1", Int32Array, 1), 0, 0, 5).value',
    payloads: [1, 2],
    results: 2,
  },
];

export const woken: readonly EditCase[] = [
  {
    name: "wakes one thread in place of all",
    edit: notifyOne,
    at: "notify(",
    before: `
export const enter = (event, ctx) => {
  Atomics.notify(ctx.shared("n1", Int32Array, 1), 0);
  return event.payload;
};
`,
    from: "Int32Array, 1), 0);",
    to: "Int32Array, 1), 0, 1);",
    mayChange: true,
    payloads: numbers.slice(0, 10),
    results: 10,
  },
  {
    name: "wakes one waiter of a condition in place of all",
    edit: notifyOne,
    at: "notifyAll(",
    // Consumers wait until a producer has put one more on the shelf: each takes one, whoever of them is woken.
    before: `
export const enter = async (event, ctx) => {
  const shelf = ctx.shared("n2", Int32Array, 2);
  const guard = await ctx.mutex("n2").acquireAsync();
  try {
    if (event.payload % 2 === 0) {
      shelf[0]++;
      ctx.condition("filled").notifyAll();
      return "put";
    }
    while (shelf[0] === 0) await ctx.condition("filled").waitAsync(guard);
    shelf[0]--;
    shelf[1]++;
    return "taken";
  } finally {
    guard.release();
  }
};
export const state = (event, ctx) => Array.from(ctx.shared("n2", Int32Array, 2));
`,
    from: "notifyAll()",
    to: "notifyOne()",
    mayChange: true,
    // Those that take come first, so that they wait; never more than the pool's threads have turns.
    payloads: [1, 3, 5, 7, 9, 0, 2, 4, 6, 8],
    results: 11,
  },
];
