// Handlers as they were and as an edit leaves them, run in two real pools by the same events, so that a test can compare what
// came of it. All cases share the two pools: each case is a module, its handlers are named by its place in the table.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareModule } from "../../src/runtime/loader/prepare-module.ts";
import { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { quiet } from "./start-pool.ts";

export interface HandlerModule {
  readonly text: string;
  /** One event each; "state" comes after all others. */
  readonly payloads: readonly unknown[];
}

/** For each module what its handler `enter` gave, in no order, then what `state` gives, if there is one. */
export async function runModules(modules: readonly HandlerModule[]): Promise<unknown[][]> {
  const folder = mkdtempSync(join(tmpdir(), "poolscope-edits-"));
  const lines = modules.map(({ text }, index) => {
    mkdirSync(join(folder, "cases"), { recursive: true });
    writeFileSync(join(folder, "cases", `case${index}.ts`), text);
    const state = /export (?:const|function|async function) state\b/.test(text);
    const names = `enter as enter${index}${state ? `, state as state${index}` : ""}`;
    return `export { ${names} } from "./cases/case${index}.ts";\n`;
  });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "all.ts"), lines.join(""));
  const prepared = await prepareModule(join(folder, "all.ts"), folder);
  if (prepared.kind === "refused") throw new Error(prepared.problem.message);
  const options = { threads: 4, concurrentEvents: 4 };
  const pool = await ThreadPool.start(prepared.module, options, quiet);
  try {
    const results: unknown[][] = [];
    for (const [index, { payloads }] of modules.entries()) {
      const type = `enter${index}`;
      const given = await Promise.all(
        payloads.map((payload) => pool.submit({ type, payload }).then(shown, shownError)),
      );
      const state = pool.handlers.includes(`state${index}`)
        ? [shown(await pool.submit({ type: `state${index}` }))]
        : [];
      results.push([...given.sort(), ...state]);
    }
    return results;
  } finally {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "bigint" ? `${each}n` : each,
  );
}

function shownError(error: unknown): string {
  return `rejected: ${error instanceof Error ? error.message : String(error)}`;
}
