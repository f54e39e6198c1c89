// Every wait for a lock in the trace, cut into segments where the holder changed, each joined to the hold that it waited for
// by lock and acquisition number.

import { waitOutcomes } from "../trace/outcome.ts";
import type { Trace } from "../trace/trace.ts";
import { segmentByHolds } from "./wait-segments.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";
import type { TurnWait } from "./turn-waits.ts";

export interface WaitSegment {
  readonly start: number;
  readonly end: number;
  /** -1 when it is not known. */
  readonly owner: number;
  readonly acquisition: number;
}

/** Its outcome is undefined when the trace ends while the wait goes on. */
export type LockWait = Omit<TurnWait, "kind"> & { readonly segments: readonly WaitSegment[] };

export interface LockHold {
  readonly thread: number;
  readonly turn: number;
  readonly lock: number;
  readonly site: number;
  readonly acquisition: number;
  /** As recorded: what it means is the lock's matter. */
  readonly mode: number;
  readonly start: number;
  readonly end: number;
}

export interface LockUse {
  readonly waits: readonly LockWait[];
  readonly holds: readonly LockHold[];
}

interface OpenWait {
  readonly start: SeenEvent;
  readonly segments: { start: number; owner: number; acquisition: number }[];
}

const cancelled = waitOutcomes.indexOf("cancelled");

export function lockUseOf(trace: Trace): LockUse {
  const waits: LockWait[] = [];
  const holds: LockHold[] = [];
  for (const thread of trace.threads) {
    const open = new Map<string, OpenWait>();
    const acquired = new Map<string, SeenEvent>();
    forEachEvent(thread, (event) => {
      if (event.kind === "threadStarted") {
        // A thread begins in a dead one's seat: what that one waited for, nobody waits for any more.
        for (const wait of open.values()) {
          waits.push(closeWait(thread.thread, wait, event.time, cancelled));
        }
        open.clear();
      }
      const key = `${event.turn} ${event.a}`;
      if (event.kind === "lockWaitStarted") open.set(key, startWait(event));
      else if (event.kind === "lockWaitSegment") open.get(key)?.segments.push(segmentOf(event));
      else if (event.kind === "lockWaitEnded") {
        const wait = open.get(key);
        open.delete(key);
        if (wait !== undefined) waits.push(closeWait(thread.thread, wait, event.time, event.small));
      } else if (event.kind === "lockAcquired") acquired.set(`${event.a} ${event.d}`, event);
      else if (event.kind === "lockReleased") {
        const start = acquired.get(`${event.a} ${event.d}`);
        if (start !== undefined) holds.push(holdOf(thread.thread, start, event.time));
      }
    });
    for (const wait of open.values()) {
      waits.push(closeWait(thread.thread, wait, trace.endNanos, undefined));
    }
  }
  return { waits: segmentByHolds(waits, holds), holds };
}

function startWait(event: SeenEvent): OpenWait {
  return { start: event, segments: [segmentOf(event)] };
}

function segmentOf(event: SeenEvent): OpenWait["segments"][number] {
  return { start: event.time, owner: event.c - 1, acquisition: event.d };
}

function closeWait(
  thread: number,
  wait: OpenWait,
  end: number,
  outcome: number | undefined,
): LockWait {
  const { time, a, b, turn } = wait.start;
  const segments = wait.segments.map((segment, index) => ({
    ...segment,
    end: wait.segments[index + 1]?.start ?? end,
  }));
  return {
    thread,
    turn,
    lock: a,
    site: b,
    start: time,
    end,
    outcome: outcome === undefined ? undefined : waitOutcomes[outcome],
    segments,
  };
}

function holdOf(thread: number, start: SeenEvent, end: number): LockHold {
  const { turn, small, a, b, d, time } = start;
  return { thread, turn, lock: a, site: b, acquisition: d, mode: small, start: time, end };
}
