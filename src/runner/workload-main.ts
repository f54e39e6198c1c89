// The workload thread: runs the person's workload and submits its events, through a ring of its own, so that neither the
// supervisor nor the pool's threads pay for it. Either all of them, or block by block as it is asked.

import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../base/assert.ts";
import type { HandlerModule } from "../runtime/thread/handler-module.ts";
import { loadModule } from "../runtime/loader/load-module.ts";
import { osThreadId } from "../runtime/thread/os-thread-id.ts";
import { unseenTeller } from "../runtime/watch/unseen.ts";
import { seededRandom } from "../base/seeded-random.ts";
import { describeValue, isError, isOf, summaryOf } from "../runtime/payload/describe-value.ts";
import { toPlainError } from "../runtime/payload/read-error.ts";
import { sendOutput } from "../runtime/output/thread-output.ts";
import { openSubmitter, type OpenSubmitter } from "../runtime/submit/submitter-seat.ts";
import { isOver, nextInterval } from "./arrival.ts";
import { BlockServer } from "./block-server.ts";
import { Pace } from "./pace.ts";
import { UnsentEvents } from "./unsent-events.ts";
import { eventWord, WorkloadError, workloadEvents } from "./workload-events.ts";
import type { FromWorkload, ToWorkload, WorkloadStart } from "./workload-messages.ts";

assert(parentPort !== null, "workload-main runs in a worker thread only");
const port = parentPort;
const start = workerData as WorkloadStart;
const { seat, prepared, configuration } = start;
const pace = new Pace();
sendOutput(start.output);

function tell(message: FromWorkload): void {
  port.postMessage(message);
}

async function main(): Promise<void> {
  tell({ kind: "running", osThreadId: osThreadId() });
  const submitter = openSubmitter(seat, (slot) => tell({ kind: "cancelled", slot }));
  if (start.blocks !== undefined) return serveBlocks(submitter, start.blocks);
  port.on("message", (message: ToWorkload) => {
    if (message.kind === "stop") pace.stop();
    else endWithSources();
  });
  const unsent = new UnsentEvents(eventWord(configuration.workload), (text) =>
    tell({ kind: "warning", text }),
  );
  let failure: string | undefined;
  try {
    await submitAll(submitter, await load(), unsent);
  } catch (error) {
    failure = sentence(error);
  }
  while (submitter.waiting > 0) await pace.settledOne();
  failure ??= unsent.failure;
  if (failure === undefined) tell({ kind: "done" });
  else tell({ kind: "failed", problem: { message: failure } });
  port.close();
}

/** Answers each request with one message; a stop ends the block in hand early, and its answer is nobody's any more. */
function serveBlocks(submitter: OpenSubmitter, blocks: NonNullable<WorkloadStart["blocks"]>): void {
  // A workload that draws from Math.random draws the same in both versions' processes.
  Math.random = seededRandom(configuration.seed);
  const server = new BlockServer(start, blocks, submitter, pace, load);
  port.on("message", (message: ToWorkload) => {
    if (message.kind === "stop") return pace.stop();
    if (message.kind === "sources-ended") return;
    void server.run(message.params).then(
      (block) => tell({ kind: "block", answer: { kind: "done", block } }),
      (error: unknown) =>
        tell({ kind: "block", answer: { kind: "failed", problem: { message: sentence(error) } } }),
    );
  });
}

async function load(): Promise<HandlerModule> {
  const loaded = await loadModule(
    prepared,
    unseenTeller((row) => tell({ kind: "unseen", row })),
  );
  if (loaded.kind === "refused") throw new WorkloadError(loaded.problem.message);
  return loaded.module;
}

let sourcesEnded = false;
/** Until it is known whether there is another workload, only noted. */
let endWithSources = (): void => {
  sourcesEnded = true;
};

/** The longest that a timer can take. */
const longest = 2 ** 31 - 1;

async function submitAll(
  submitter: OpenSubmitter,
  module: HandlerModule,
  unsent: UnsentEvents,
): Promise<void> {
  const { arrival, workload, sources, duration } = configuration;
  if (sources.length > 0 && workload.kind === "module" && module.workload === undefined) {
    // The sources are the workload: the run lasts as long as they, or its duration.
    endWithSources = () => pace.stop();
    if (sourcesEnded) return;
    return pace.until(performance.now() + (duration === 0 ? longest : duration));
  }
  const random = seededRandom(configuration.seed);
  // From the first event on: what a workload does before it, such as making its data, is no part of the run's time.
  let begin = 0;
  let intended = 0;
  let submitted = 0;
  for await (const event of workloadEvents(configuration.workload, module)) {
    if (submitted === 0) intended = begin = performance.now();
    if (arrival.kind === "closed") {
      while (submitter.waiting >= arrival.inFlight && !pace.stopped) await pace.settledOne();
    } else {
      await pace.until(intended);
      intended += nextInterval(arrival, random);
    }
    if (pace.stopped || isOver(configuration, performance.now() - begin, submitted)) return;
    const number = ++submitted;
    // The pool logs failures itself; here only the place in flight matters.
    submitter.offer(event, pace.settled, (reason) => unsent.add(number, reason));
  }
}

function sentence(failure: unknown): string {
  if (isOf(failure, WorkloadError)) return toPlainError(failure).message;
  if (!isError(failure)) return `The workload threw ${describeValue(failure)}.`;
  const { stack } = toPlainError(failure);
  const place = stack.split("\n").find((line) => line.includes(prepared.entry));
  return `The workload threw ${summaryOf(failure)}${place === undefined ? "" : ` (${place.trim()})`}`;
}

await main();
