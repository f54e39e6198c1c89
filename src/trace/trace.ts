// A trace in memory: one column table per thread, plus the named tables. Produced by decode and by tests' drawings, read by
// analysis and presentation. Nothing in it may be changed after it is built.
//
// Whatever file it came from, these hold of what decode returns: header, footer and rows have the types and bounds that their
// kinds declare (header-kind.ts, table-kinds.ts), each index of threads and locks has one row, times are numbers from 0 to
// `longestTime`, each event's kind is known, and there is no more of anything than budgets.ts says. Fields of events are any
// numbers of their columns: an index that a table does not have, a role or an outcome that there is not, is unknown.

import type { TraceFooter, TraceHeader } from "./header.ts";
import type { Tables } from "./tables.ts";

/** Nanoseconds; whole numbers are exact up to here. */
export const longestTime: number = Number.MAX_SAFE_INTEGER;

/** One thread's events in the order they were written; times may turn where a record was written after its moment. */
export interface EventColumns {
  readonly length: number;
  /** Nanoseconds from the trace's start; exact below 2^53 ns, 104 days. */
  readonly time: Float64Array;
  readonly code: Uint8Array;
  /** 24 bits, unsigned. */
  readonly small: Uint32Array;
  readonly turn: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
  readonly d: Int32Array;
}

export interface ThreadEvents {
  readonly thread: number;
  readonly events: EventColumns;
  /** Events that the ring overwrote before they were drained. */
  readonly dropped: number;
}

export interface Trace {
  readonly header: TraceHeader;
  /** Undefined when the run was cut before its end. */
  readonly footer: TraceFooter | undefined;
  readonly tables: Tables;
  /** By thread index; a thread without events has an entry of length 0. */
  readonly threads: readonly ThreadEvents[];
  /** Largest time of any event or the footer's end. */
  readonly endNanos: number;
}

/** Something that could not be read as it should: told to the person, never dropped. */
export interface TraceProblem {
  readonly message: string;
  /** Bytes from the file's start, where it makes sense. */
  readonly offset?: number;
}
