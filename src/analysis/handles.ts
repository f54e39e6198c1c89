// I3: a handle is never in two handlers at once. An event that runs again after its thread's death begins anew only when that
// thread is gone.

import { groupBy } from "../base/group-by.ts";
import { firstAtLeast } from "../trace/time-order.ts";
import type { Trace } from "../trace/trace.ts";
import type { Breach } from "./report.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";

/** One run of an event in its handler: an event that is retried has several. */
export interface Run {
  readonly event: number;
  readonly handler: number;
  readonly thread: number;
  readonly turn: number;
  readonly start: number;
  readonly end: number;
  /** `died`: its thread did; `open`: it went on at the trace's end. */
  readonly how: "returned" | "died" | "open";
}

export function handleBreaches(all: readonly Run[]): Breach[] {
  const runs = all.toSorted(
    (first, second) => first.event - second.event || first.start - second.start,
  );
  return runs.flatMap((run, index): Breach[] => {
    const before = runs[index - 1];
    if (before === undefined || before.event !== run.event || before.end <= run.start) return [];
    const sentence = `Event ${run.event} was in the handlers of threads ${before.thread} and ${run.thread} at once.`;
    return [{ invariant: "I3", at: run.start, thread: run.thread, sentence }];
  });
}

export function runsOf(trace: Trace): Run[] {
  const runs: Run[] = [];
  const died = deaths(trace);
  for (const thread of trace.threads) {
    const open = new Map<number, SeenEvent>();
    const close = (start: SeenEvent, end: number, how: Run["how"]): void => {
      const { a: event, b: handler, turn, time } = start;
      runs.push({ event, handler, thread: thread.thread, turn, start: time, end, how });
    };
    const deathTimes = died.get(thread.thread) ?? noTimes;
    const closeDead = (start: SeenEvent): void => {
      const end = deathTimes[firstAtLeast(deathTimes, deathTimes.length, start.time)];
      close(start, end ?? trace.endNanos, end === undefined ? "open" : "died");
    };
    forEachEvent(thread, (event) => {
      if (event.kind === "threadStarted") {
        // A run without an end ended with its thread, whose seat another has now.
        for (const start of open.values()) closeDead(start);
        open.clear();
      }
      if (event.kind === "handlerStarted") open.set(event.a, event);
      if (event.kind !== "handlerEnded" && event.kind !== "handlerFailed") return;
      const start = open.get(event.a);
      open.delete(event.a);
      if (start !== undefined) close(start, event.time, "returned");
    });
    for (const start of open.values()) closeDead(start);
  }
  return runs;
}

const noTimes = new Float64Array(0);

/** By thread, ascending. The supervisor records a thread's death, naming it in `small`. */
function deaths(trace: Trace): ReadonlyMap<number, Float64Array> {
  const found: { thread: number; at: number }[] = [];
  for (const thread of trace.threads) {
    forEachEvent(thread, (event) => {
      if (event.kind === "threadCrashed") found.push({ thread: event.small, at: event.time });
    });
  }
  return new Map(
    [...groupBy(found, ({ thread }) => thread)].map(([thread, own]) => [
      thread,
      Float64Array.from(own, ({ at }) => at).sort(),
    ]),
  );
}
