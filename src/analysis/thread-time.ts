// Where each pool thread's wall time went. The parts add up to the wall time exactly: time in a role is cut by what happened
// in it. What a thread had to do and did not compute, by the OS's figures, and no event explains, is shown as unexplained.

import type { ThreadEvents, Trace } from "../trace/trace.ts";
import { PartClock } from "./part-clock.ts";
import type { ThreadTime } from "./report.ts";
import { forEachEvent } from "./scan.ts";
import { isPoolThread } from "./sites.ts";

export function threadTimes(trace: Trace): ThreadTime[] {
  const crashes = crashTimes(trace);
  return trace.threads
    .filter((thread) => isPoolThread(trace, thread.thread))
    .map((thread) => timeOf(trace, thread, crashes.get(thread.thread) ?? []));
}

/** By thread, ascending: they are recorded by the supervisor. */
function crashTimes(trace: Trace): ReadonlyMap<number, number[]> {
  const times = new Map<number, number[]>();
  for (const thread of trace.threads) {
    forEachEvent(thread, ({ kind, small, time }) => {
      if (kind !== "threadCrashed") return;
      const known = times.get(small);
      if (known === undefined) times.set(small, [time]);
      else known.push(time);
    });
  }
  return times;
}

/** Nanoseconds. */
interface Counted {
  readonly processor: number;
  readonly runQueue: number;
  /** In handlers and in the pool's own code until the last sample, and what was collected of it. */
  readonly working: number;
  readonly collected: number;
}

function timeOf(trace: Trace, thread: ThreadEvents, crashes: readonly number[]): ThreadTime {
  const clock = new PartClock();
  let crash = 0;
  let garbageCollection = 0;
  let counted: Counted = { processor: 0, runQueue: 0, working: 0, collected: 0 };
  let events = 0;
  forEachEvent(thread, (event) => {
    for (; (crashes[crash] ?? Infinity) <= event.time; crash++) clock.gone(crashes[crash] ?? 0);
    clock.see(event);
    if (event.kind === "garbageCollected") garbageCollection += event.a * 1000;
    if (event.kind === "osSampled") {
      counted = {
        processor: counted.processor + event.a * 1000,
        runQueue: counted.runQueue + event.b * 1000,
        working: clock.workingUntil(event.time),
        collected: garbageCollection,
      };
    }
    if (event.kind === "handlerStarted") events++;
  });
  for (const end of crashes.slice(crash)) clock.gone(end);
  const parts = clock.end(trace.endNanos);
  const wall = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const name = trace.tables.threads.find((row) => row.index === thread.thread)?.name;
  const collected = Math.min(garbageCollection, parts.handler);
  const running = parts.handler - collected + parts.runtime;
  const ready = Math.min(running, readyTime(counted));
  const unexplained = Math.min(running - ready, unexplainedTime(counted));
  const onProcessor = running === 0 ? 0 : Math.max(0, 1 - (ready + unexplained) / running);
  return {
    thread: thread.thread,
    name: name ?? `thread ${thread.thread}`,
    wall,
    leading: parts.leading,
    following: parts.following,
    handler: (parts.handler - collected) * onProcessor,
    lockWait: parts.lockWait,
    blockingCall: parts.blockingCall,
    garbageCollection: collected,
    runQueue: ready,
    awaiting: parts.awaiting,
    runtime: parts.runtime * onProcessor,
    outside: parts.outside,
    unexplained,
    events,
  };
}

/**
 * How long a thread that had work was without a processor: what its work took beyond the processor time that the OS counted.
 * The OS's own figure bounds it, but is no measure: it also counts delays after a wake-up from a wait or from idling.
 */
function readyTime({ working, processor, runQueue }: Counted): number {
  return Math.min(runQueue, Math.max(0, working - processor));
}

/**
 * How long a thread that had work was neither on a processor nor in want of one, at least: it was blocked in something that can't be
 * seen. The OS counts what was used and waited for in other parts too, and a thread that collects garbage waits for its helpers.
 */
function unexplainedTime({ working, processor, runQueue, collected }: Counted): number {
  return Math.max(0, working - collected - processor - runQueue);
}
