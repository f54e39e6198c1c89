// How loaded the pool was while events came: what bounds its throughput, and so what a finding may promise. The window is from
// the first event's submission to the last one's end; start-up and shut-down are no part of it.

import type { Trace } from "../trace/trace.ts";
import type { EventLife, EventLives } from "./latency.ts";
import type { Records } from "./records.ts";
import type { ThreadTime } from "./report.ts";
import { submittingThreads, type SubmittingThread } from "./submitting-thread.ts";

export interface Load {
  readonly start: number;
  readonly end: number;
  /** Nanoseconds; 0 when no event was handled. */
  readonly window: number;
  /** Turns that can be open at once: threads times `concurrentEvents`, and no more than are in flight. */
  readonly slots: number;
  readonly threads: number;
  readonly cores: number;
  readonly events: number;
  /** Summed time of turns, from start to end. */
  readonly busy: number;
  /** Summed processor time of the pool's threads. */
  readonly processor: number;
  /** Summed time in which they were ready to run, without a processor. */
  readonly ready: number;
  /** Main, and the thread that runs the workload: what they compute for each event grows with the throughput too. */
  readonly submitters: readonly SubmittingThread[];
  /** Share of the window in which events waited to be selected. */
  readonly queued: number;
  /** Throughput is what the pool limits; otherwise the events' own rate does, and latency is what counts. */
  readonly saturated: boolean;
  /** Events of the type whose p99 is largest. */
  readonly slowest: readonly EventLife[];
}

/** Events wait at least this share of the time in a saturated pool. */
const saturation = 0.5;

/** Where the next event comes when one is done, a pool whose turns are all taken is the limit though nothing waits. */
const fullyUsed = 0.7;

function isClosed({ header }: Trace): boolean {
  const { arrival } = header.configuration;
  return typeof arrival === "object" && arrival !== null && "inFlight" in arrival;
}

export function loadOf(
  trace: Trace,
  { lives }: EventLives,
  threads: readonly ThreadTime[],
  records: Records,
): Load {
  const handled = [...lives.values()].filter(isHandled);
  const start = handled.reduce((least, { submitted }) => Math.min(least, submitted), Infinity);
  const end = handled.reduce((most, { ended }) => Math.max(most, ended), 0);
  const window = handled.length === 0 ? 0 : end - start;
  const busy = handled.reduce((sum, life) => sum + life.ended - life.started, 0);
  const queued = window === 0 ? 0 : queuedTime(handled) / window;
  const slots = slotsOf(trace, threads.length);
  return {
    ...{ start: handled.length === 0 ? 0 : start, end, window, busy, queued },
    slots,
    threads: threads.length,
    cores: trace.header.cpuCount,
    events: handled.length,
    processor: threads.reduce(
      (sum, { handler, runtime, garbageCollection }) => sum + handler + runtime + garbageCollection,
      0,
    ),
    ready: threads.reduce((sum, { runQueue }) => sum + runQueue, 0),
    submitters: submittingThreads(trace, records, start, end),
    saturated: queued >= saturation || (isClosed(trace) && busy >= fullyUsed * window * slots),
    slowest: slowestOf(handled),
  };
}

/** Processor time of those that submit, summed over the window. */
export function submittingTime({ submitters, window }: Load): number {
  return submitters.reduce((sum, { computes }) => sum + computes * window, 0);
}

export interface Handled extends EventLife {
  readonly submitted: number;
  readonly started: number;
  readonly ended: number;
}

export function isHandled(life: EventLife): life is Handled {
  return life.submitted !== undefined && life.started !== undefined && life.ended !== undefined;
}

function slotsOf({ header }: Trace, threads: number): number {
  const { concurrentEvents, arrival } = header.configuration;
  const turns = typeof concurrentEvents === "number" ? Math.max(1, concurrentEvents) : 1;
  const inFlight =
    typeof arrival === "object" && arrival !== null && "inFlight" in arrival
      ? Number(arrival.inFlight)
      : Infinity;
  return Math.max(1, Math.min(threads * turns, inFlight));
}

/** For how long at least one event waited to be selected. */
function queuedTime(handled: readonly Handled[]): number {
  const spans = handled
    .map(({ submitted, selected, started }) => ({ from: submitted, to: selected ?? started }))
    .sort((first, second) => first.from - second.from);
  let total = 0;
  let covered = -Infinity;
  for (const { from, to } of spans) {
    if (to > covered) total += to - Math.max(from, covered);
    covered = Math.max(covered, to);
  }
  return total;
}

/** Types seen less often have no p99 worth the name. */
const leastEvents = 20;

function slowestOf(handled: readonly Handled[]): Handled[] {
  const byHandler = new Map<number, Handled[]>();
  for (const life of handled) {
    const known = byHandler.get(life.handler);
    if (known === undefined) byHandler.set(life.handler, [life]);
    else known.push(life);
  }
  let slowest: Handled[] = [];
  let most = -1;
  for (const each of byHandler.values()) {
    const p99 = percentile99(each.map(({ submitted, ended }) => ended - submitted));
    if (each.length < leastEvents || p99 <= most) continue;
    most = p99;
    slowest = each;
  }
  return slowest;
}

/** Nearest rank; 0 for none. */
export function percentile99(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(0.99 * sorted.length) - 1)] ?? 0;
}
