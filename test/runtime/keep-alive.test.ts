// A process that has a pool ends by itself when there is nothing more to do, closed or not; and not
// before.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { modelNames } from "../../src/runtime/models/model-named.ts";

const api = pathToFileURL(resolve("out/src/runtime/pool.js")).href;
const handlers = resolve("test/fixtures/handlers/leftovers.ts");

let folder = "";

interface Program {
  readonly does: string;
  readonly prints: string;
  readonly starts?: "pool" | "remotePool";
  readonly options?: object;
}

const submits = (type: string): string => `await pool.submit({ type: "${type}" });`;

const programs: Readonly<Record<string, Program>> = {
  "nothing was submitted": { does: "", prints: "" },
  "every result was awaited": { does: submits("returns"), prints: "" },
  "a result is not awaited": { does: 'void pool.submit({ type: "waits" });', prints: "waited\n" },
  "a result is awaited": {
    does: 'console.log(await pool.submit({ type: "waits" }));',
    prints: "waited\nwaited\n",
  },
  "more is submitted than there is room for": {
    does: 'for (let count = 0; count < 4; count++) void pool.submit({ type: "waits" });',
    prints: "waited\n".repeat(4),
    options: { capacity: 1, whenFull: "wait" },
  },
  "an event submitted another": { does: submits("leavesEvent"), prints: "waited\n" },
  "an event left a timer that it unrefs": { does: submits("leavesUnrefTimer"), prints: "" },
  "the pool is closed": { does: "await pool.close();", prints: "torn down\n" },
  "the pool is being closed": { does: "void pool.close();", prints: "torn down\n" },
  "sources came to their end": {
    does: "",
    prints: "waited\n",
    options: {
      sources: [{ kind: "file", path: "package.json", chunkBytes: 2 ** 20, type: "waits" }],
    },
  },
  "a remote pool is idle": { does: submits("returns"), prints: "", starts: "remotePool" },
  "a remote pool has an event": {
    does: 'void pool.submit({ type: "waits" });',
    prints: "waited\n",
    starts: "remotePool",
  },
  "a remote pool is being closed": {
    does: "void pool.close();",
    prints: "torn down\n",
    starts: "remotePool",
  },
};

function run({ does, starts = "pool", options = {} }: Program): ChildProcess {
  const given = JSON.stringify({ threads: 1, ...options });
  const program = `
    import { ${starts} as start } from ${JSON.stringify(api)};
    const pool = await start(${JSON.stringify(handlers)}, ${given});
    ${does}`;
  const path = join(folder, "program.mjs");
  writeFileSync(path, program);
  return spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"] });
}

async function printed(program: Program): Promise<string> {
  const child = run(program);
  assert(child.stdout !== null);
  const stuck = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  clearTimeout(stuck);
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  return output;
}

describe("a process with a pool that nobody closes", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-keep-alive-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [when, program] of Object.entries(programs)) {
    it(`ends by itself when ${when}`, async () => {
      assert.equal(await printed(program), program.prints);
    });
  }

  for (const model of modelNames) {
    it(`waits for timers that events left: ${model}`, async () => {
      const does = `${submits("leavesTimer")} ${submits("leavesTimerLater")}`;
      const program = { does, prints: "", options: { model } };
      assert.equal(await printed(program), "timer fired\n".repeat(2));
    });
  }

  it("goes on while sources may have more", async () => {
    const sources = [{ kind: "timer", everyMillis: 20, type: "leavesTimer" }];
    const child = run({ does: "", prints: "", options: { sources } });
    assert(child.stdout !== null);
    let fired = 0;
    for await (const chunk of child.stdout) {
      fired += String(chunk).split("timer fired\n").length - 1;
      if (fired >= 20) child.kill();
    }
    assert(fired >= 20, `${fired} times`);
  });
});
