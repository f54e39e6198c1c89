// Fuzzes everything that reads a trace, for so long: counts inputs, and gathers those that threw, of which a face took more
// than two seconds of a processor, that never ended, or needed more than a gigabyte. An input is named by its number:
// `fuzzedTrace` makes it again.

import { Worker } from "node:worker_threads";
import { seededRandom } from "../../src/base/seeded-random.ts";
import type { FromFuzz, FuzzStart } from "./fuzz-messages.ts";
import { drawFrom, mutated } from "./mutate.ts";
import { seedTraces } from "./seeds.ts";

export interface FuzzFailure {
  readonly seed: number;
  readonly what: string;
}

export interface FuzzResult {
  readonly inputs: number;
  /** The longest that a face took of one input, in milliseconds of a processor. */
  readonly slowest: { readonly seed: number; readonly millis: number };
  readonly failures: readonly FuzzFailure[];
}

/** On a quiet machine; those of CI may be slower, and do other things too. */
const mostMillis = process.env["CI"] === undefined ? 2000 : 6000;
const mostMebibytes = 1024;
/** By the clock, on a machine that does other things too: only what never ends takes as long. */
const hangMillis = 60_000;

export function fuzzedTrace(seed: number): Uint8Array {
  return mutated(seedTraces(), drawFrom(seededRandom(seed)));
}

export async function fuzz(
  seconds: number,
  seed: number,
  failed: (failure: FuzzFailure) => void = () => undefined,
): Promise<FuzzResult> {
  const until = performance.now() + seconds * 1000;
  const tally = { inputs: 0, slowest: { seed, millis: 0 }, failures: [] as FuzzFailure[] };
  const fail = (failure: FuzzFailure): void => {
    tally.failures.push(failure);
    failed(failure);
  };
  for (let next = seed; performance.now() < until;) {
    const left = (until - performance.now()) / 1000;
    // One that hangs or dies takes its thread with it: another one goes on behind it.
    next = await fuzzFrom({ seed: next, seconds: left, mostMillis }, tally, fail);
  }
  return tally;
}

/** Returns the number to go on with. */
function fuzzFrom(
  start: FuzzStart,
  tally: { inputs: number; slowest: FuzzResult["slowest"] },
  fail: (failure: FuzzFailure) => void,
): Promise<number> {
  const worker = new Worker(new URL("./fuzz-main.js", import.meta.url), {
    workerData: start,
    resourceLimits: { maxOldGenerationSizeMb: mostMebibytes },
  });
  let now = start.seed;
  return new Promise((resolve) => {
    const hangs = (): void => {
      fail({ seed: now, what: `did not end within ${hangMillis / 1000} s` });
      void worker.terminate();
    };
    let timer = setTimeout(hangs, hangMillis);
    worker.on("message", (message: FromFuzz) => {
      now = message.seed;
      timer.refresh();
      if (message.kind === "begins") return;
      const { seed, millis, stack } = message;
      now = seed + 1;
      tally.inputs++;
      if (millis > tally.slowest.millis) tally.slowest = { seed, millis };
      if (stack !== undefined) fail({ seed, what: stack });
      else if (millis > mostMillis) {
        fail({ seed, what: `took ${Math.round(millis)} ms of a processor` });
      }
    });
    worker.on("error", (error) => fail({ seed: now, what: error.message }));
    worker.on("exit", (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? now : now + 1);
    });
  });
}
