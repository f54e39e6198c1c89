// One block: its events submitted as its arrival says, all settled, and then, when nothing is measured any more, the figures
// and the digests of what came out.

import type { Arrival } from "../protocol/run-configuration.ts";
import type { BlockParams, BlockResult } from "../protocol/run-messages.ts";
import type { EventRequest } from "../runtime/handler.ts";
import { seededRandom } from "../base/seeded-random.ts";
import type { OpenSubmitter } from "../runtime/submit/submitter-seat.ts";
import { nextInterval } from "./arrival.ts";
import type { Pace } from "./pace.ts";
import { digestOf } from "./value-digest.ts";

export type BlockFigures = Pick<
  BlockResult,
  "start" | "end" | "p50" | "p99" | "failed" | "cpuMicros" | "switches" | "results"
>;

type Ended =
  | { readonly kind: "completed"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

export async function runBlock(
  events: readonly EventRequest[],
  params: BlockParams,
  submitter: OpenSubmitter,
  pace: Pace,
  startNanos: bigint,
): Promise<BlockFigures> {
  const ends: Ended[] = [];
  const millis = new Float64Array(events.length);
  const now = (): number => Number(process.hrtime.bigint() - startNanos);
  const used = process.resourceUsage();
  const start = now();
  await submitAll(events, params, submitter, pace, (index, from, end) => {
    millis[index] = performance.now() - from;
    ends[index] = end;
    pace.settled();
  });
  while (submitter.waiting > 0) await pace.settledOne();
  const end = now();
  const usedSince = process.resourceUsage();
  const sorted = millis.sort();
  return {
    start,
    end,
    p50: nanosAt(sorted, 0.5),
    p99: nanosAt(sorted, 0.99),
    cpuMicros:
      usedSince.userCPUTime + usedSince.systemCPUTime - used.userCPUTime - used.systemCPUTime,
    switches:
      usedSince.voluntaryContextSwitches +
      usedSince.involuntaryContextSwitches -
      used.voluntaryContextSwitches -
      used.involuntaryContextSwitches,
    failed: ends.filter(({ kind }) => kind === "failed").length,
    results: ends.map(digestOf),
  };
}

async function submitAll(
  events: readonly EventRequest[],
  { arrival, seed }: BlockParams,
  submitter: OpenSubmitter,
  pace: Pace,
  ended: (index: number, from: number, end: Ended) => void,
): Promise<void> {
  const moments = intendedMoments(arrival, seed, performance.now());
  for (const [index, event] of events.entries()) {
    const from = await turnOf(arrival, moments, submitter, pace);
    submitter.submit(event).then(
      (value) => ended(index, from, { kind: "completed", value }),
      (error: unknown) => ended(index, from, { kind: "failed", error }),
    );
  }
}

/** Waits until an event is due; its time counts from the moment that this resolves to. */
async function turnOf(
  arrival: Arrival,
  moments: Generator<number, never>,
  submitter: OpenSubmitter,
  pace: Pace,
): Promise<number> {
  if (arrival.kind === "open") {
    const moment = moments.next().value;
    await pace.until(moment);
    return moment;
  }
  while (submitter.waiting >= arrival.inFlight && !pace.stopped) await pace.settledOne();
  return performance.now();
}

/** The same for the same seed, whatever the pool does. */
function* intendedMoments(arrival: Arrival, seed: number, start: number): Generator<number, never> {
  const random = seededRandom(seed);
  for (let moment = start; ;) {
    yield moment;
    if (arrival.kind === "open") moment += nextInterval(arrival, random);
  }
}

function nanosAt(sortedMillis: Float64Array, share: number): number {
  const index = Math.ceil(share * sortedMillis.length) - 1;
  return (sortedMillis[Math.max(0, index)] ?? 0) * 1e6;
}
