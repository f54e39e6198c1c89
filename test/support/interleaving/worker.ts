// One of the threads of a schedule: runs its part of a scenario each time the scheduler begins a new one, and stops at every
// step of the synchronizers until it gets the baton.

import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { makeRecorder } from "../../../src/recorder/ring-recorder.ts";
import { recordingRing } from "../../../src/recorder/ring.ts";
import { StateRow, stateRowWords } from "../../../src/recorder/state-row.ts";
import { HeldGuards } from "../../../src/sync/held-guards.ts";
import { LocalWaits } from "../../../src/sync/local-waits.ts";
import { LockTable } from "../../../src/sync/lock-table.ts";
import { listenToSteps } from "../../../src/sync/step.ts";
import { Synchronizers } from "../../../src/sync/synchronizers.ts";
import { replaceWaits } from "../../../src/sync/waits.ts";
import { awaitBaton, control, done, passBaton, playedWaits, running } from "./control.ts";
import { threw, type ScenarioWorld } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";
import { capacity, threads, type WorkerStart } from "./start.ts";

const { worker, control: shared, table: tableBuffer, data } = workerData as WorkerStart;
const words = new Int32Array(shared);
const recorder = makeRecorder("off", recordingRing(), process.hrtime.bigint);
const tableWords = new Int32Array(tableBuffer);

function makeWorld(): ScenarioWorld {
  const rowWords = new Int32Array(stateRowWords);
  const held = new HeldGuards();
  const waiting = new LocalWaits();
  const table = new LockTable(tableWords, 0, capacity, threads);
  return {
    worker,
    data: new Int32Array(data),
    turn: (turn) =>
      new Synchronizers(table, {
        words: tableWords,
        thread: worker,
        mayBlock: true,
        recorder,
        stateRow: new StateRow(rowWords, 0),
        held,
        waiting,
        currentTurn: () => turn,
        takeSite: () => 0,
        siteWhenBlocked: (site) => site,
        now: () => 0n,
      }),
  };
}

async function main(): Promise<void> {
  replaceWaits(playedWaits(words, worker, () => passBaton(words, worker)));
  awaitBaton(words, worker);
  for (;;) {
    words[control.states + worker] = running;
    listenToSteps(() => passBaton(words, worker));
    const [, run] = scenarios[words[control.scenario] ?? 0] ?? [];
    try {
      await run?.(makeWorld());
    } catch (error) {
      new Int32Array(data)[threw] = worker;
      writeSync(2, `worker ${worker}: ${String(error)}\n`);
    }
    listenToSteps(undefined);
    words[control.states + worker] = done;
    passBaton(words, worker);
  }
}

await main();
