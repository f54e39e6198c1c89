// What the trace of a model's block says that its result does not: waits for locks, and how often a thread was woken to take
// an event over.

import { roles } from "../../trace/role.ts";
import type { Trace } from "../../trace/trace.ts";
import { forEachEvent } from "../scan.ts";
import { isPoolThread } from "../sites.ts";
import { figuresWithin, type Window } from "./figures-within.ts";

export interface ModelTraceFigures {
  /** Of the pool threads' time in the block. */
  readonly lockWait: number;
  /** Threads that left their sleep, as followers or at a queue, to take an event over. */
  readonly handOffs: number;
}

export function modelTraceFigures(trace: Trace, block: Window): ModelTraceFigures {
  const { lockWait } = figuresWithin(trace, [block]);
  return {
    lockWait: Object.values(lockWait).reduce((sum, share) => sum + share, 0),
    handOffs: handOffsWithin(trace, block),
  };
}

/** In every model a thread sleeps as follower; who waits at the event sources instead, as leader, is handed nothing. */
function handOffsWithin(trace: Trace, { start, end }: Window): number {
  let handOffs = 0;
  for (const thread of trace.threads) {
    if (!isPoolThread(trace, thread.thread)) continue;
    let follows = false;
    forEachEvent(thread, ({ kind, small, time }) => {
      if (kind !== "roleChanged") return;
      const role = roles[small];
      const wakes = follows && (role === "leader" || role === "processing");
      if (wakes && time >= start && time <= end) handOffs++;
      follows = role === "follower";
    });
  }
  return handOffs;
}
