// Events of one thread on their way into the file: growing columns, filled by the collector (and by tests), emptied by each
// chunk that is written.

import type { EventColumns } from "./trace.ts";

export interface EventBatch {
  length: number;
  readonly capacity: number;
  readonly time: Float64Array;
  readonly code: Uint8Array;
  readonly small: Uint32Array;
  readonly turn: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
  readonly d: Int32Array;
}

export function makeBatch(capacity: number): EventBatch {
  return {
    length: 0,
    capacity,
    time: new Float64Array(capacity),
    code: new Uint8Array(capacity),
    small: new Uint32Array(capacity),
    turn: new Int32Array(capacity),
    a: new Int32Array(capacity),
    b: new Int32Array(capacity),
    c: new Int32Array(capacity),
    d: new Int32Array(capacity),
  };
}

export const noEvents: EventColumns = makeBatch(0);

/** Joins the pieces that a thread's chunks were decoded to. */
export function joinColumns(pieces: readonly EventColumns[]): EventColumns {
  const [first] = pieces;
  if (first === undefined) return noEvents;
  if (pieces.length === 1) return first;
  const joined = makeBatch(pieces.reduce((sum, piece) => sum + piece.length, 0));
  for (const piece of pieces) {
    const at = joined.length;
    joined.time.set(piece.time.subarray(0, piece.length), at);
    joined.code.set(piece.code.subarray(0, piece.length), at);
    joined.small.set(piece.small.subarray(0, piece.length), at);
    for (const column of ["turn", "a", "b", "c", "d"] as const) {
      joined[column].set(piece[column].subarray(0, piece.length), at);
    }
    joined.length += piece.length;
  }
  return joined;
}
