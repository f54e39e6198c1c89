// When each pool thread runs a turn, from its start or its return from an await to its next await
// or its end. A thread that does neither leads nor comes to lead meanwhile, whatever its role is:
// what it awaited went on by itself.

import type { Trace } from "../trace/trace.ts";
import { firstAtLeast } from "../trace/time-order.ts";
import { without, type ThreadSpan } from "./leaderless.ts";
import { forEachEvent } from "./scan.ts";
import { isPoolThread } from "./sites.ts";

/** The turns that run during a span of its thread, ascending. */
export type TurnsIn = (span: ThreadSpan) => readonly ThreadSpan[];

export function runningTurns(trace: Trace): TurnsIn {
  const pool = trace.threads.filter(({ thread }) => isPoolThread(trace, thread));
  const turns = new Map(
    pool.map(({ thread }) => {
      const spans = spansOf(trace, thread);
      return [thread, { spans, starts: Float64Array.from(spans, ({ start }) => start) }];
    }),
  );
  return ({ thread, start, end }) => {
    const own = turns.get(thread);
    if (own === undefined) return [];
    const { spans, starts } = own;
    // The one before may reach in.
    const first = Math.max(0, firstAtLeast(starts, starts.length, start) - 1);
    const found: ThreadSpan[] = [];
    for (let index = first; index < spans.length; index++) {
      const span = spans[index];
      if (span === undefined || span.start >= end) break;
      if (span.end > start) found.push(span);
    }
    return found;
  };
}

function spansOf(trace: Trace, thread: number): ThreadSpan[] {
  const events = trace.threads[thread];
  const spans: ThreadSpan[] = [];
  if (events === undefined) return spans;
  let since: number | undefined;
  const stop = (end: number): void => {
    if (since !== undefined && since < end) spans.push({ thread, start: since, end });
    since = undefined;
  };
  forEachEvent(events, ({ kind, time }) => {
    switch (kind) {
      case "handlerStarted":
      case "handlerResumed":
        since ??= time;
        break;
      case "handlerSuspended":
      case "settled":
      case "threadStarted":
        stop(time);
        break;
      default:
        break;
    }
  });
  stop(trace.endNanos);
  return spans;
}

/** The parts of a span in which its thread runs a turn. */
export function runningParts(span: ThreadSpan, turnsIn: TurnsIn): ThreadSpan[] {
  return turnsIn(span).map(({ thread, start, end }) => ({
    thread,
    start: Math.max(span.start, start),
    end: Math.min(span.end, end),
  }));
}

/** The parts of a span in which its thread runs none. */
export function freeParts<T extends ThreadSpan>(span: T, turnsIn: TurnsIn): T[] {
  return without(turnsIn(span))(span).map((part) => ({ ...span, ...part }));
}
