// One event in one handler, from its start until it settles: what `ctx` of that handler stands on.

import type { Guard } from "../handler.ts";

export interface Turn {
  /** Counts the thread's turns from 1; with the thread it identifies who holds a lock. */
  readonly number: number;
  readonly slot: number;
  /** The slot word by which this thread claimed the event. */
  readonly word: number;
  readonly event: number;
  readonly handler: number;
  readonly priority: number;
  /** Made when the handler first reads ctx.signal. */
  abort: AbortController | undefined;
  /** The lock of the event's object, in a model that holds one around each handler. */
  monitor: Guard | undefined;
  /** Its place among the thread's live turns, see LiveTurns. */
  place: number;
  settled: boolean;
  /** The person's degraded variant of the handler runs. */
  degraded: boolean;
}

/** Stands for a thread's setup and teardown, which belong to no event. */
export const outsideTurn: Turn = {
  number: 0,
  slot: 0,
  word: 0,
  event: 0,
  handler: 0,
  priority: 0,
  abort: undefined,
  monitor: undefined,
  place: 0,
  settled: false,
  degraded: false,
};
