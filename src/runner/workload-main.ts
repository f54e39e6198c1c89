// The workload thread: runs the person's workload and submits its events, through a ring of its own, so that neither the
// supervisor nor the pool's threads pay for it.

import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../base/assert.ts";
import { loadModule } from "../runtime/loader/load-module.ts";
import { seededRandom } from "../runtime/random.ts";
import { openSubmitter, type OpenSubmitter } from "../runtime/submitter-seat.ts";
import { isOver, nextInterval } from "./arrival.ts";
import { WorkloadError, workloadEvents } from "./workload-events.ts";
import type { FromWorkload, WorkloadStart } from "./workload-messages.ts";

assert(parentPort !== null, "workload-main runs in a worker thread only");
const port = parentPort;
const { seat, prepared, configuration } = workerData as WorkloadStart;
let stopped = false;
port.on("message", () => {
  stopped = true;
  wake();
});

/** Resolves the submitting loop's present wait. */
let wake: () => void = () => undefined;

function tell(message: FromWorkload): void {
  port.postMessage(message);
}

async function main(): Promise<void> {
  const submitter = openSubmitter(seat, (slot, thread) =>
    tell({ kind: "abort", slot, seat: thread }),
  );
  let failure: unknown;
  try {
    await submitAll(submitter);
  } catch (error) {
    failure = error;
  }
  while (submitter.waiting > 0) await settledOne();
  if (failure === undefined) tell({ kind: "done" });
  else tell({ kind: "failed", problem: { message: sentence(failure) } });
  port.close();
}

async function submitAll(submitter: OpenSubmitter): Promise<void> {
  const loaded = await loadModule(prepared);
  if (loaded.kind === "refused") throw new WorkloadError(loaded.problem.message);
  const { arrival } = configuration;
  const random = seededRandom(configuration.seed);
  const start = performance.now();
  let intended = start;
  let submitted = 0;
  for await (const event of workloadEvents(configuration.workload, loaded.module)) {
    if (arrival.kind === "closed") {
      while (submitter.waiting >= arrival.inFlight && !stopped) await settledOne();
    } else {
      await until(intended);
      intended += nextInterval(arrival, random);
    }
    if (stopped || isOver(configuration, performance.now() - start, submitted)) return;
    // The pool logs failures itself; here only the place in flight matters.
    submitter.submit(event).then(wakeUp, wakeUp);
    submitted++;
  }
}

function wakeUp(): void {
  wake();
}

function settledOne(): Promise<void> {
  return new Promise((resolve) => {
    wake = resolve;
  });
}

/** Timers are too coarse for short intervals: what is due within a millisecond is submitted at once. */
async function until(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left < 1 || stopped) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, left);
    wake = () => {
      if (!stopped) return;
      clearTimeout(timer);
      resolve();
    };
  });
}

function sentence(failure: unknown): string {
  if (failure instanceof WorkloadError) return failure.message;
  if (!(failure instanceof Error)) return `The workload threw ${String(failure)}.`;
  const place = failure.stack?.split("\n").find((line) => line.includes(prepared.entry));
  return `The workload threw ${failure.name}: ${failure.message}${place === undefined ? "" : ` (${place.trim()})`}`;
}

await main();
