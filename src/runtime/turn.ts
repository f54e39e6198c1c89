// One event in one handler, from its start until it settles: what `ctx` of that handler stands on.

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
};
