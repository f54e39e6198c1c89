// `npm run bench -- models [NAME ...]`: four workloads under each concurrency model, as `poolscope models` runs them: empty events,
// 0.2 ms of computing, an await of 2 ms, and a lock around everything. Leader/Followers is to lose some of them.

import process from "node:process";
import { modelsCommand } from "../src/cli/models-command.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { defaultRounds } from "../src/session/compare-models.ts";

const workloads = ["empty", "compute", "await", "lock"];

export async function modelsBench(names: readonly string[]): Promise<void> {
  const runner = new URL("../../dist/runner.js", import.meta.url);
  for (const name of names.length === 0 ? workloads : names) {
    const file = `bench/workers/models/${name}.js`;
    const settings = { threads: "2" };
    const options = { file, json: false, force: false, rounds: defaultRounds, settings };
    const status = await modelsCommand(
      { ...options, out: undefined, node: process.execPath },
      processTerminal(() => undefined),
      runner,
    );
    if (status !== 0) process.exitCode = status;
  }
}
