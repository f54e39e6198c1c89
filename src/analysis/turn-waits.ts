// Every stretch in which a turn waited for others: for a lock, a condition or a barrier. Whose hold a wait for a lock was for is in
// waits.ts.

import { waitOutcomes, type WaitOutcome } from "../trace/outcome.ts";
import type { Trace } from "../trace/trace.ts";
import { startsWait, waitEnds, waitStarts, type WaitKind } from "../trace/wait-kinds.ts";
import { forEachEvent } from "./scan.ts";

export interface TurnWait {
  readonly kind: WaitKind;
  readonly thread: number;
  readonly turn: number;
  readonly lock: number;
  readonly site: number;
  readonly start: number;
  readonly end: number;
  /** Undefined where the wait never ended: its thread died, or the trace ends. */
  readonly outcome: WaitOutcome | undefined;
}

/** Built once, with all its fields: a copy at its end is what takes longest in a trace of many waits. */
type OpenWait = { -readonly [Field in keyof TurnWait]: TurnWait[Field] };

/** By thread, each thread's in the order of their ends. */
export function turnWaits(trace: Trace): TurnWait[] {
  const waits: TurnWait[] = [];
  for (const events of trace.threads) {
    const { thread } = events;
    // By turn and lock: an asynchronous turn may wait for several.
    const open = new Map<string, OpenWait>();
    const closeAll = (end: number): void => {
      for (const wait of open.values()) {
        wait.end = end;
        waits.push(wait);
      }
      open.clear();
    };
    forEachEvent(events, ({ kind, time, turn, small, a: lock, b: site }) => {
      if (kind === "threadStarted") {
        // In a dead thread's seat: what that one waited for, nobody waits for any more.
        closeAll(time);
      } else if (startsWait(kind)) {
        const wait: OpenWait = {
          kind: waitStarts[kind],
          thread,
          turn,
          lock,
          site,
          start: time,
          end: time,
          outcome: undefined,
        };
        open.set(keyOf(wait), wait);
      } else if (waitEnds.has(kind)) {
        const key = keyOf({ turn, lock });
        const wait = open.get(key);
        if (wait === undefined) return;
        wait.end = time;
        wait.outcome = waitOutcomes[small];
        waits.push(wait);
        open.delete(key);
      }
    });
    closeAll(trace.endNanos);
  }
  return waits;
}

function keyOf({ turn, lock }: Pick<OpenWait, "turn" | "lock">): string {
  return `${turn} ${lock}`;
}
