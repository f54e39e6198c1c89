// How many events a block has and how they arrive, found by trial before anything counts: long enough to be measured, short
// enough that both versions meet the same machine.

import type { BlockPlan } from "../protocol/block-pairs.ts";
import type { ComparedMetric } from "../protocol/comparison.ts";
import type { Arrival, RunConfiguration } from "../protocol/run-configuration.ts";
import type { BlockParams, BlockResult } from "../protocol/run-messages.ts";

/** Blocks of each process that are left out: its code is compiled, its memory grown in them. */
export const warmUpBlocks = 2;

const blockMillis = 100;
const mostEvents = 50_000;
/** Below it the hundredth-slowest event is no figure. */
const leastEventsForP99 = 2000;
/** Of what the slower version can do: busy, and not yet a queue that only grows. */
const openLoad = 0.6;

interface Trial {
  readonly before: (params: BlockParams) => Promise<BlockResult>;
  readonly after: (params: BlockParams) => Promise<BlockResult>;
}

export async function planBlocks(
  metric: ComparedMetric,
  pairs: number,
  { arrival }: RunConfiguration,
  trial: Trial,
): Promise<BlockPlan> {
  const closed: Arrival = arrival.kind === "closed" ? arrival : { kind: "closed", inFlight: 64 };
  const { events, perSecond } = await trialSize(closed, trial);
  const warmUp = { events, arrival: closed };
  if (metric !== "p99") return { metric, pairs, blocks: 4, block: warmUp, warmUp };
  const rate = Math.max(1, Math.floor(perSecond * openLoad));
  const open: Arrival =
    arrival.kind === "open" ? arrival : { kind: "open", perSecond: rate, spacing: "poisson" };
  // Long ones: one of each version in a pair is what a person has the time for.
  const block = { events: leastEventsForP99, arrival: open };
  return { metric, pairs, blocks: 1, block, warmUp };
}

/** Grows a block of the slower version until it takes its time; also what that version does in a second. */
async function trialSize(
  arrival: Arrival & { readonly kind: "closed" },
  trial: Trial,
): Promise<{ readonly events: number; readonly perSecond: number }> {
  let events = Math.max(16, 2 * arrival.inFlight);
  // The first block loads the workload and compiles: it says nothing of the next.
  const first = { events, arrival, seed: 0 };
  await trial.before(first);
  await trial.after(first);
  for (;;) {
    const params = { events, arrival, seed: 0 };
    const before = await quickest(trial.before, params);
    const after = await quickest(trial.after, params);
    const millis = Math.max(before, after);
    const perSecond = (1000 * events) / millis;
    if (millis >= blockMillis || events >= mostEvents) return { events, perSecond };
    const wanted = Math.ceil((events * 1.2 * blockMillis) / Math.max(1, millis));
    events = Math.min(mostEvents, wanted, events * 8);
  }
}

/** Milliseconds; of two, so that one that was disturbed makes no block too short. */
async function quickest(run: Trial["before"], params: BlockParams): Promise<number> {
  const [first, second] = [await run(params), await run(params)];
  return Math.min(first.end - first.start, second.end - second.start) / 1e6;
}
