// What a thread did within a stretch of time, beside its roles and locks: blocking calls, suspensions of its turns. Rules ask
// how much of a hold or of a wait each of them covers.

import { firstAtLeast } from "../trace/time-order.ts";
import type { ThreadEvents, Trace } from "../trace/trace.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";

export interface Activity {
  readonly thread: number;
  readonly turn: number;
  readonly kind: "blocking-call" | "raw-wait" | "suspended";
  /** Of a blocking call. */
  readonly name: string;
  readonly site: number;
  readonly start: number;
  readonly end: number;
}

/** By thread; each thread's by their starts. */
export type Activities = ReadonlyMap<number, readonly Activity[]>;

export function activitiesOf(trace: Trace): Activities {
  return new Map(trace.threads.map((thread) => [thread.thread, ofThread(trace, thread)]));
}

const startOf: Partial<Record<SeenEvent["kind"], Activity["kind"]>> = {
  blockingCallStarted: "blocking-call",
  rawWaitStarted: "raw-wait",
  handlerSuspended: "suspended",
};

const endOf: Partial<Record<SeenEvent["kind"], Activity["kind"]>> = {
  blockingCallEnded: "blocking-call",
  rawWaitEnded: "raw-wait",
  handlerResumed: "suspended",
  handlerEnded: "suspended",
  handlerFailed: "suspended",
};

function ofThread(trace: Trace, thread: ThreadEvents): Activity[] {
  const found: Activity[] = [];
  const open = new Map<string, SeenEvent>();
  forEachEvent(thread, (event) => {
    const starts = startOf[event.kind];
    // An asynchronous wait keeps no thread: its turn is suspended, which is told by itself.
    if (event.kind === "rawWaitStarted" && event.small === 1) return;
    if (starts !== undefined) open.set(keyOf(starts, event), event);
    const ends = endOf[event.kind];
    if (ends === undefined) return;
    const key = keyOf(ends, event);
    const start = open.get(key);
    open.delete(key);
    if (start !== undefined) found.push(activityOf(trace, thread.thread, ends, start, event.time));
  });
  // What never ended goes on until the trace's end.
  for (const start of open.values()) {
    const kind = startOf[start.kind];
    if (kind !== undefined) {
      found.push(activityOf(trace, thread.thread, kind, start, trace.endNanos));
    }
  }
  return found.sort((first, second) => first.start - second.start);
}

/** A turn may have several blocking calls within each other; the outer one is what counts. */
function keyOf(kind: Activity["kind"], event: SeenEvent): string {
  return kind === "suspended" ? `${kind} ${event.turn}` : `${kind} ${event.turn} ${event.a}`;
}

function activityOf(
  trace: Trace,
  thread: number,
  kind: Activity["kind"],
  { turn, a, b, time }: SeenEvent,
  end: number,
): Activity {
  const name = kind === "blocking-call" ? (trace.tables.strings[a] ?? "a blocking call") : "";
  const named = kind === "raw-wait" ? "Atomics.wait" : name;
  const site = kind === "suspended" ? 0 : b;
  return { thread, turn, kind, name: named, site, start: time, end };
}

export interface Overlap {
  readonly activity: Activity;
  readonly nanos: number;
}

/** What one turn did within a stretch. */
export function within(
  activities: Activities,
  { thread, turn }: { readonly thread: number; readonly turn: number },
  start: number,
  end: number,
): Overlap[] {
  const own = activities.get(thread) ?? [];
  const found: Overlap[] = [];
  // Longer ones may reach in from before; how far back, and how many in all, is bounded.
  const first = Math.max(0, firstStarting(own, start) - reachBack);
  for (let index = first; index < Math.min(own.length, first + mostWithin); index++) {
    const activity = own[index];
    if (activity === undefined || activity.start >= end) break;
    if (activity.turn !== turn) continue;
    const nanos = Math.min(end, activity.end) - Math.max(start, activity.start);
    if (nanos > 0) found.push({ activity, nanos });
  }
  return found;
}

const reachBack = 64;
const mostWithin = 4096;
const starts = new WeakMap<readonly Activity[], Float64Array>();

function firstStarting(own: readonly Activity[], time: number): number {
  const known = starts.get(own) ?? Float64Array.from(own, ({ start }) => start);
  starts.set(own, known);
  return firstAtLeast(known, known.length, time);
}
