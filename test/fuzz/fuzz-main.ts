// A worker thread that shows one mutated trace after another by every face. It says which one it begins with before it begins, so
// that whoever started it knows which one it hangs in or dies of.

import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { parentPort, workerData } from "node:worker_threads";
import { analyze } from "../../src/analysis/analyze.ts";
import { seededRandom } from "../../src/base/seeded-random.ts";
import { decode } from "../../src/trace/decode.ts";
import { showEverywhere, type ShowFace } from "./every-face.ts";
import type { FromFuzz, FuzzStart } from "./fuzz-messages.ts";
import { drawFrom, mutated } from "./mutate.ts";
import { seedTraces } from "./seeds.ts";

assert.ok(parentPort !== null, "fuzz-main runs in a worker thread only");
const port = parentPort;
const start = workerData as FuzzStart;

function tell(message: FromFuzz): void {
  port.postMessage(message);
}

const looks = 3;

const seeds = seedTraces();
const [first = new Uint8Array(0)] = seeds;
const sound = decode(first, (stored) => inflateRawSync(stored)).trace;
assert.ok(sound !== undefined, "the first seed can be read");
const other = analyze(sound);
const until = performance.now() + start.seconds * 1000;

for (let seed = start.seed; performance.now() < until; seed++) {
  const bytes = mutated(seeds, drawFrom(seededRandom(seed)));
  tell({ kind: "begins", seed });
  // What took long is looked at again: others asked for the processor too, or memory was tidied, which only ever adds.
  let quickest = shown(bytes);
  for (let look = 1; look < looks && quickest.millis > start.mostMillis; look++) {
    const again = shown(bytes);
    if (again.millis < quickest.millis) quickest = again;
  }
  tell({ kind: "done", seed, ...quickest });
}

/** What the slowest face took: a person waits for one at a time. */
function shown(bytes: Uint8Array): { readonly millis: number; readonly stack: string | undefined } {
  let millis = 0;
  const face: ShowFace = (show) => {
    const began = process.cpuUsage();
    try {
      return show();
    } finally {
      const { user, system } = process.cpuUsage(began);
      millis = Math.max(millis, (user + system) / 1000);
    }
  };
  try {
    showEverywhere(bytes, other, face);
    return { millis, stack: undefined };
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { millis, stack };
  }
}
