// A trace as the timeline shows it: lanes of slices, and what stands above and between them. Built once for each state of
// the trace; tiles are cut from it (see tile.ts).

import {
  sliceStates,
  type Arrows,
  type Marks,
  type TimelineHead,
} from "../../protocol/timeline.ts";
import { groupBy } from "../../base/group-by.ts";
import { codeOf } from "../../trace/event-kind.ts";
import { noEvents } from "../../trace/event-batch.ts";
import { timeOrder } from "../../trace/time-order.ts";
import type { Trace } from "../../trace/trace.ts";
import { laneOf, type Lane } from "./lane.ts";
import { Coverage } from "./coverage.ts";
import { usedNames } from "./used-names.ts";

export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly coverage: readonly Coverage[];
  readonly end: number;
  /** Queue depth after each submit and select, in time order. */
  readonly depthTime: Float64Array;
  readonly depth: Uint32Array;
  /** Times at which events settled, ascending. */
  readonly settled: Float64Array;
  readonly arrows: Arrows;
  readonly marks: Marks;
  readonly changes: TimelineHead["changes"];
}

const submitted = codeOf("eventSubmitted");
const selected = codeOf("eventSelected");
const settled = codeOf("settled");
const promoted = codeOf("promoted");
const mark = codeOf("mark");
const crashed = codeOf("threadCrashed");
const replaced = codeOf("handlerReplaced");
/** Somebody saves a file, or a pool grows and shrinks: more than this nobody could tell apart. */
const mostChanges = 200;

export function timelineOf(trace: Trace): Timeline {
  const pool = trace.tables.threads
    .filter((row) => row.kind === "pool")
    .toSorted((first, second) => first.index - second.index);
  const deaths = groupBy(gather(trace, crashed), ({ small }) => small);
  const events = new Map(trace.threads.map((each) => [each.thread, each.events]));
  const lanes = pool.map((row) => {
    const own = Float64Array.from(deaths.get(row.index) ?? [], ({ time }) => time);
    return laneOf(row.index, row.name, events.get(row.index) ?? noEvents, own, trace.endNanos);
  });
  const laneOfThread = new Map(lanes.map((lane, index) => [lane.thread, index]));
  return {
    lanes,
    coverage: lanes.map((lane) => new Coverage(lane, trace.endNanos)),
    end: trace.endNanos,
    ...depthOf(trace),
    settled: Float64Array.from(gather(trace, settled).map(({ time }) => time)),
    arrows: arrowsOf(trace, laneOfThread),
    marks: marksOf(trace, laneOfThread),
    changes: changesOf(trace, laneOfThread),
  };
}

export function headOf(timeline: Timeline, trace: Trace, revision: number): TimelineHead {
  return {
    revision,
    end: timeline.end,
    lanes: timeline.lanes.map(({ thread, name }) => ({ thread, name })),
    isLed: trace.header.model === "leader-followers",
    isMarked: timeline.marks.time.length > 0 || timeline.lanes.some(hasSpans),
    changes: timeline.changes,
    handlers: trace.tables.handlers.map(({ name }) => name),
    ...usedNames(timeline, trace),
    deepest: timeline.depth.reduce((most, depth) => Math.max(most, depth), 0),
  };
}

function hasSpans({ under }: Lane): boolean {
  return under.state.includes(sliceStates.indexOf("span"));
}

interface Found {
  readonly time: number;
  readonly thread: number;
  readonly small: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** All records of one kind, in time order. */
function gather(trace: Trace, ...codes: readonly number[]): Found[] {
  const found: Found[] = [];
  for (const { thread, events } of trace.threads) {
    for (let index = 0; index < events.length; index++) {
      if (!codes.includes(events.code[index] ?? 0)) continue;
      found.push({
        time: events.time[index] ?? 0,
        thread,
        small: events.small[index] ?? 0,
        a: events.a[index] ?? 0,
        b: events.b[index] ?? 0,
        c: events.c[index] ?? 0,
      });
    }
  }
  const order = timeOrder(Float64Array.from(found, ({ time }) => time));
  return Array.from(order, (index) => found[index]).filter((each) => each !== undefined);
}

function depthOf(trace: Trace): Pick<Timeline, "depthTime" | "depth"> {
  const found = gather(trace, submitted, selected);
  return {
    depthTime: Float64Array.from(found, ({ time }) => time),
    depth: Uint32Array.from(found, ({ c }) => Math.max(0, c)),
  };
}

function arrowsOf(trace: Trace, laneOfThread: ReadonlyMap<number, number>): Arrows {
  const found = gather(trace, promoted).flatMap(({ time, thread, a }) => {
    const from = laneOfThread.get(thread);
    const to = laneOfThread.get(a - 1);
    return from === undefined || to === undefined ? [] : [{ time, from, to }];
  });
  return {
    time: Float64Array.from(found, ({ time }) => time),
    from: Uint16Array.from(found, ({ from }) => from),
    to: Uint16Array.from(found, ({ to }) => to),
  };
}

function marksOf(trace: Trace, laneOfThread: ReadonlyMap<number, number>): Marks {
  const found = gather(trace, mark).flatMap(({ time, thread, a }) => {
    const lane = laneOfThread.get(thread);
    return lane === undefined ? [] : [{ time, lane, name: a }];
  });
  return {
    time: Float64Array.from(found, ({ time }) => time),
    lane: Uint16Array.from(found, ({ lane }) => lane),
    name: Int32Array.from(found, ({ name }) => name),
  };
}

/** A mark outside the lanes is the pool's own: what it is from then on. */
function changesOf(
  trace: Trace,
  laneOfThread: ReadonlyMap<number, number>,
): TimelineHead["changes"] {
  const configured = gather(trace, mark).flatMap(({ time, thread, a }) =>
    laneOfThread.has(thread) ? [] : [{ time, text: trace.tables.strings[a] ?? "configured" }],
  );
  return [...replacedOf(trace), ...configured]
    .toSorted((one, other) => one.time - other.time)
    .slice(0, mostChanges);
}

/** Each thread loads the new code on its own: the first of them is when it came. */
function replacedOf(trace: Trace): TimelineHead["changes"] {
  const first = new Map<string, { readonly time: number; readonly text: string }>();
  for (const { time, b, c } of gather(trace, replaced)) {
    const text = `${trace.tables.handlers[b]?.name ?? "handlers"} replaced`;
    const key = `${b} ${c}`;
    if (!first.has(key)) first.set(key, { time, text });
  }
  return [...first.values()];
}
