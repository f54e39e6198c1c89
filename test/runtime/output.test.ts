// What threads print is shown to its last line, however they end.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PoolObserver } from "../../src/runtime/pool-observer.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

type Line = Parameters<PoolObserver["output"]>[0];

const lastWords = resolve("test/fixtures/handlers/last-words.ts");
const streams = ["stdout", "stderr"] as const;

/** How a handler may end, and what the pool needs to end it. */
const ends: Readonly<Record<string, PoolOptions>> = {
  return: {},
  throw: {},
  exit: {},
  "throw later": {},
  "reject later": {},
  loop: { handlerDeadline: 300, handlerGrace: 0 },
  block: { handlerDeadline: 300, handlerGrace: 0 },
  "never settle": { handlerDeadline: 300, handlerGrace: 0 },
  "fill the heap": { threadMemory: 32, handlerDeadline: 0 },
  "overflow the stack": {},
  "system call": { handlerDeadline: 300, handlerGrace: 0 },
};

describe("output", () => {
  for (const [end, options] of Object.entries(ends)) {
    it(`is shown whole of a handler whose end is: ${end}`, async () => {
      const lines: Line[] = [];
      const output = (line: Line): void => void lines.push(line);
      const pool = await startPool({ threads: 1, ...options }, { output }, lastWords);
      const print = streams.flatMap((stream) => [
        ...Array.from({ length: 20 }, (_, index) => ({ stream, text: `${stream} ${index}\n` })),
        { stream, text: `${stream}: half a ` },
        { stream, text: "line, é" },
      ]);
      await pool.submit({ type: "say", payload: { print, end } }).catch(() => undefined);
      await pool.close({ withinMillis: 10_000 });
      for (const stream of streams) {
        const told = lines.flatMap((line) => (line.stream === stream ? [line.text] : []));
        const all = Array.from({ length: 20 }, (_, index) => `${stream} ${index}`);
        assert.deepEqual(told, [...all, `${stream}: half a line, é`]);
      }
      assert.deepEqual(new Set(lines.map(({ thread }) => thread)), new Set(["thread 1"]));
    });
  }

  it("comes while the handler that printed it still hangs, and of each thread by its name", async () => {
    const lines: Line[] = [];
    const output = (line: Line): void => void lines.push(line);
    const pool = await startPool({ threads: 2 }, { output }, lastWords);
    const hang = (text: string): Promise<unknown> =>
      pool
        .submit({ type: "say", payload: { print: [{ stream: "stdout", text }], end: "loop" } })
        .catch(() => undefined);
    const hung = [hang("one\n"), hang("two\n")];
    await until("both lines are told", () => lines.length === 2);
    assert.deepEqual(new Set(lines.map(({ text }) => text)), new Set(["one", "two"]));
    assert.equal(new Set(lines.map(({ thread }) => thread)).size, 2);
    await pool.close({ pending: "cancel", withinMillis: 0 });
    await Promise.all(hung);
  });

  it("comes without its end, too, when it hangs", async () => {
    const lines: string[] = [];
    const output = ({ text }: Line): void => void lines.push(text);
    const pool = await startPool({ threads: 1 }, { output }, lastWords);
    const print = [{ stream: "stdout", text: "begin\nno end" }];
    const hung = pool.submit({ type: "say", payload: { print, end: "loop" } });
    hung.catch(() => undefined);
    await until("what it printed is told", () => lines.length === 2);
    assert.deepEqual(lines, ["begin", "no end"]);
    await pool.close({ pending: "cancel", withinMillis: 0 });
    await assert.rejects(hung);
  });

  it("loses nothing of a flood, and splits no character", async () => {
    const lines: string[] = [];
    const output = ({ text }: Line): void => void lines.push(text);
    const pool = await startPool({ threads: 1 }, { output }, lastWords);
    const long = `${"é€𝄞".repeat(3000)}\n`;
    const print = Array.from({ length: 400 }, () => ({ stream: "stdout", text: long }));
    await pool.submit({ type: "say", payload: { print, end: "exit" } }).catch(() => undefined);
    await pool.close();
    assert.equal(lines.length, 400);
    assert.deepEqual(new Set(lines), new Set([long.trimEnd()]));
  });

  describe("outside of handlers", () => {
    let folder = "";

    before(() => {
      folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
      writeFileSync(join(folder, "package.json"), "{}");
    });

    after(() => rmSync(folder, { recursive: true }));

    it("is shown of the module's top level, setup, teardown, and of what runs at the exit", async () => {
      const module = join(folder, "all.mjs");
      writeFileSync(
        module,
        `console.log("top");
         process.stdout.write("half ");
         console.error("wrong");
         process.on("exit", () => process.stdout.write("at exit"));
         export const setup = () => console.log("of setup");
         export const teardown = () => console.log("of teardown");
         export const one = () => { process.stdout.write(Buffer.from("é").subarray(0, 1));
           process.stdout.write(Buffer.from("é\\n").subarray(1)); };`,
      );
      const lines: string[] = [];
      const output = ({ text }: Line): void => void lines.push(text);
      const pool = await startPool({ threads: 1 }, { output }, module);
      await pool.submit({});
      await pool.close();
      assert.deepEqual(lines, [
        ...["top", "wrong", "half of setup", "é", "of teardown", "at exit"],
      ]);
    });

    it("is shown when the program that has the pool ends without closing it", () => {
      const pool = JSON.stringify(pathToFileURL(resolve("out/src/runtime/pool.js")));
      const module = join(folder, "many.mjs");
      const loop = "for (let line = 0; line < 200; line++) console.log(line);";
      writeFileSync(
        module,
        `export const one = () => { ${loop} process.stdout.write("no end"); };`,
      );
      const program = `import { pool } from ${pool};
        const threads = await pool(${JSON.stringify(module)}, { threads: 1 });
        await threads.submit({});
        process.exit();`;
      const main = join(folder, "main.mjs");
      writeFileSync(main, program);
      const printed = execFileSync(process.execPath, [main], { encoding: "utf8" });
      const all = Array.from({ length: 200 }, (_, line) => String(line));
      assert.deepEqual(printed.split("\n"), [...all, "no end", ""]);
    });

    it("is shown of a module that can't be loaded", async () => {
      const module = join(folder, "bad.mjs");
      writeFileSync(module, `console.log("before"); throw new Error("bad"); export const one = 1;`);
      const lines: string[] = [];
      const output = ({ text }: Line): void => void lines.push(text);
      await assert.rejects(startPool({ threads: 1 }, { output }, module), /bad/);
      assert.deepEqual(lines, ["before"]);
    });
  });
});
