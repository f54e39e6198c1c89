// Gathers the events of a trace's chunks, by thread, until there are as many as a file of its size may have: a trace's chunks
// come in the order of time, so what is left out is its end. It counts as dropped, since rules must not miss it.

import { largestOf } from "../base/extremes.ts";
import { budgets } from "./budgets.ts";
import { decodeEvents } from "./decode-events.ts";
import { joinColumns } from "./event-batch.ts";
import type { ChunkHeader } from "./format.ts";
import type { ProblemList } from "./problem-list.ts";
import type { EventColumns, ThreadEvents } from "./trace.ts";

/** A varint may say more; then it is damage. */
const mostDropped = 2 ** 32 - 1;

export class EventReader {
  readonly #problems: ProblemList;
  readonly #most: number;
  readonly #pieces = new Map<number, EventColumns[]>();
  readonly #dropped = new Map<number, number>();
  #read = 0;
  #leftOut = 0;

  constructor(problems: ProblemList, most: number) {
    this.#problems = problems;
    this.#most = most;
  }

  /** False once events were left out: the trace ends at the last that was not. */
  get isWhole(): boolean {
    return this.#leftOut === 0;
  }

  /** `unpack` gives the chunk's body; it is not called for a chunk that is left out. */
  append(header: ChunkHeader, offset: number, unpack: () => Uint8Array): void {
    const { thread, events } = header;
    if (thread >= budgets.threads) {
      const most = budgets.threads - 1;
      const message = `A chunk of thread ${thread} was passed over: threads have numbers up to ${most}.`;
      this.#problems.add(message, offset);
      return;
    }
    if (this.#leftOut > 0 || this.#read + events > this.#most) {
      this.#leftOut += events;
      this.#drop(thread, events);
      return;
    }
    const decoded = decodeEvents(unpack(), header);
    this.#tell(decoded, offset);
    this.#read += decoded.columns.length;
    const pieces = this.#pieces.get(thread) ?? [];
    this.#pieces.set(thread, pieces);
    if (decoded.columns.length > 0) pieces.push(decoded.columns);
    if (decoded.dropped <= mostDropped) this.#drop(thread, decoded.dropped);
  }

  #drop(thread: number, events: number): void {
    this.#dropped.set(thread, (this.#dropped.get(thread) ?? 0) + events);
  }

  /** By thread index, up to the last thread that has events or a row; tells what was left out in the end. */
  close(lastRow: number): ThreadEvents[] {
    if (this.#leftOut > 0) {
      const [first, all] = [this.#read, this.#read + this.#leftOut].map((count) =>
        count.toLocaleString("en-US"),
      );
      this.#problems.leftOut(
        `Shows the first ${first} events of ${all}; record for a shorter time.`,
      );
    }
    const last = largestOf(this.#pieces.keys(), lastRow);
    return Array.from({ length: last + 1 }, (_, thread) => ({
      thread,
      events: joinColumns(this.#pieces.get(thread) ?? []),
      dropped: this.#dropped.get(thread) ?? 0,
    }));
  }

  #tell(decoded: ReturnType<typeof decodeEvents>, offset: number): void {
    const { unknown, outOfTime, beyond, dropped, problem } = decoded;
    if (problem !== undefined) this.#problems.add(problem, offset);
    if (unknown > 0) {
      const message = `${unknown} events of kinds that this version does not know were passed over.`;
      this.#problems.add(message, offset);
    }
    if (outOfTime > 0) {
      const message = `${outOfTime} events before the trace's start, or more than 104 days after it, were passed over.`;
      this.#problems.add(message, offset);
    }
    if (beyond > 0) {
      this.#problems.add(`${beyond} fields of events are out of their limits, taken as 0.`, offset);
    }
    if (dropped > mostDropped) {
      this.#problems.add(`A chunk says that ${dropped} events were dropped: not counted.`, offset);
    }
  }
}
