// `npm run bench -- truth`: how close the trace's durations are to what handlers measured themselves, how much of the threads'
// time is explained, and how the parts on a processor compare with the operating system's own accounting of the threads. It
// says how busy the machine was with others, since only a machine of our own can meet the goals.

import { threadTimes } from "../src/analysis/thread-time.ts";
import { knownHolds, truthModule } from "../test/truth/known-holds.ts";
import { startTracedPool } from "../test/support/traced-pool.ts";
import { machineTime, shareOfOthers } from "./findings/machine.ts";
import { median } from "./findings/statistics.ts";

const rounds = 5;
const events = 7000;
/** Of each round: until then the locks' code is not compiled, and what it takes itself counts as waiting in what handlers measure. */
const coldEvents = 5000;
/** A millisecond each: the first look at the OS's figures, which reads a file in cold code, takes some milliseconds of its own. */
const computations = 2000;
/** A duration is right within a hundredth, or 5 us. */
const relative = 0.01;
const absolute = 5000;

export async function truthBench(): Promise<void> {
  const before = machineTime();
  const holds: Pair[] = [];
  const waits: Pair[] = [];
  const unexplained: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { trace, known } = await knownHolds(2, events);
    for (const { asking, got, releasing, hold, wait } of known.slice(coldEvents)) {
      holds.push([hold.end - hold.start, releasing - got]);
      if (wait !== undefined) waits.push([wait.end - wait.start, got - asking]);
    }
    unexplained.push(...threadTimes(trace).map((thread) => thread.unexplained / thread.wall));
  }
  told("holds", holds);
  told("waits", waits);
  const worst = Math.max(...unexplained);
  console.log(
    `unexplained       ${percent(median(unexplained))} of a thread's time, at most ${percent(worst)} (goal 1 %)`,
  );
  await processorTime();
  console.log(
    `other processes   ${percent(shareOfOthers(before, machineTime()))} of all processors' time meanwhile`,
  );
}

/** Nanoseconds: by the trace, by the handler. */
type Pair = readonly [number, number];

function told(what: string, pairs: readonly Pair[]): void {
  const errors = pairs.map(([traced, known]) => Math.abs(traced - known));
  const right = pairs.filter(
    ([, known], index) => (errors[index] ?? 0) <= Math.max(absolute, known * relative),
  );
  const share = right.length / pairs.length;
  console.log(
    `${what.padEnd(17)} ${percent(share)} of ${pairs.length} within 1 % or 5 us; median error ${Math.round(median(errors))} ns`,
  );
}

/** One thread computes all the time: the trace's parts against the processor time that the OS counted for it. */
async function processorTime(): Promise<void> {
  const differences: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { pool, end } = await startTracedPool({ threads: 1 }, truthModule);
    const ask = (): Promise<unknown> => pool.submit({ type: "accounting" });
    const first = ask();
    const work = Array.from({ length: computations }, () =>
      pool.submit({ type: "compute", payload: { micros: 1000 } }),
    );
    const counted =
      Number(await first.then(() => Promise.all(work)).then(ask)) - Number(await first);
    await pool.close();
    const [time] = threadTimes(end());
    if (time === undefined || Number.isNaN(counted)) continue;
    // By the clock: what was computed, and what it was kept from by others, which the OS counts apart.
    const { handler, runtime, garbageCollection, runQueue, unexplained } = time;
    const computing = handler + runtime + garbageCollection + runQueue + unexplained;
    differences.push(Math.abs(computing - counted) / computing);
  }
  console.log(
    `processor time    differs from the OS's accounting by ${percent(median(differences))}, the median of ${differences.length} (goal 1 %)`,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
