// The synchronizers on real threads, one running at a time in an order that a seed decides: nothing is lost, nobody is stuck,
// and when a thread dies at any step the others go on.

import assert from "node:assert/strict";
import { Schedule, type Outcome } from "../support/interleaving/schedule.ts";
import { threw, wrong } from "../support/interleaving/scenario.ts";
import { cells } from "../support/interleaving/scenarios.ts";

const schedules = 8;
/** A new start each time; a failure names its seed. */
const firstSeed = Date.now() % 1_000_000;
/** Each death costs a new thread, so a run kills at every so many steps, and the next run at others; 1 for all. */
const stride = Number(process.env["POOLSCOPE_KILL_EVERY"] ?? 37);

interface Case {
  readonly name: string;
  readonly parties: number;
  /** What must have come of it when nobody died. */
  readonly expected: Readonly<Partial<Record<keyof typeof cells, number>>>;
  /** Workers that are killed at every step. */
  readonly victims: readonly number[];
}

const cases: readonly Case[] = [
  { name: "mutex", parties: 3, expected: { count: 6 }, victims: [1] },
  { name: "fair mutex", parties: 3, expected: { count: 6 }, victims: [1, 2] },
  { name: "mutex, async", parties: 3, expected: { count: 9 }, victims: [1] },
  { name: "fair mutex, async", parties: 3, expected: { count: 9 }, victims: [1] },
  { name: "fair mutex, timed", parties: 3, expected: { count: 3 }, victims: [1] },
  { name: "mutex, a waiter's thread is blocked", parties: 3, expected: {}, victims: [1] },
  { name: "fair mutex, a waiter's thread is blocked", parties: 3, expected: {}, victims: [3] },
  { name: "reader/writer lock", parties: 4, expected: { count: 4 }, victims: [1, 2] },
  { name: "reader/writer lock, fair", parties: 4, expected: { count: 4 }, victims: [1] },
  { name: "reader/writer lock, async", parties: 3, expected: {}, victims: [1] },
  { name: "reader/writer lock, timed", parties: 4, expected: {}, victims: [1, 2] },
  { name: "semaphore", parties: 4, expected: { count: 8 }, victims: [] },
  { name: "condition", parties: 3, expected: { eaten: 4 }, victims: [2] },
  { name: "condition, async", parties: 3, expected: { eaten: 4 }, victims: [2] },
  { name: "condition, timed", parties: 4, expected: {}, victims: [2] },
  { name: "barrier", parties: 3, expected: { count: 6, inside: 2, broken: 0 }, victims: [] },
];

function check(outcome: Outcome, where: string): void {
  assert.equal(outcome.end, "done", `${where}: stuck after ${outcome.steps} steps`);
  assert.equal(outcome.data[threw], 0, `${where}: a thread threw`);
  // A dead thread leaves half-done counts behind.
  if (!outcome.killed) assert.equal(outcome.data[wrong], 0, `${where}: two were in at once`);
}

describe("synchronizers, in random interleavings", function () {
  // Each step is a switch of threads, which a busy machine makes slow.
  this.timeout(120_000);
  let schedule: Schedule;
  before(() => {
    schedule = new Schedule();
  });
  after(() => schedule.close());

  for (const { name, parties, expected, victims } of cases) {
    it(`keeps its promises: ${name}`, async () => {
      for (let seed = firstSeed; seed < firstSeed + schedules; seed++) {
        const outcome = await schedule.run(name, parties, seed);
        check(outcome, `seed ${seed}`);
        for (const [cell, value] of Object.entries(expected)) {
          const index = cells[cell as keyof typeof cells];
          assert.equal(outcome.data[index], value, `seed ${seed}: ${cell}`);
        }
      }
    });

    for (const worker of victims) {
      it(`survives the death of thread ${worker} at each step: ${name}`, async () => {
        for (let step = 1 + (firstSeed % stride); ; step += stride) {
          const outcome = await schedule.run(name, parties, firstSeed + step, { worker, step });
          check(outcome, `seed ${firstSeed + step}, step ${step}`);
          if (!outcome.killed) break;
        }
      });
    }
  }

  it("breaks the barrier for all when a thread dies in it", async () => {
    // Up to its fifth step the thread has not come yet, and is no party.
    for (let step = 6 + (firstSeed % stride); ; step += stride) {
      const outcome = await schedule.run("barrier", 3, step, { worker: 2, step });
      check(outcome, `step ${step}`);
      if (!outcome.killed) break;
    }
  });
});
