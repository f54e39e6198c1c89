// Cuts a tile out of a timeline: exact slices where they can be told apart, else how much each state covers.

import {
  bucketNanos,
  bucketsInTile,
  tileNanos,
  type Arrows,
  type Marks,
  type SliceColumns,
  type Tile,
  type TileLane,
} from "../../protocol/timeline.ts";
import { firstAtLeast } from "../../trace/time-order.ts";
import { firstOverlap } from "./coverage.ts";
import type { Lane } from "./lane.ts";
import { pick } from "./slice-list.ts";
import type { Timeline } from "./timeline.ts";

/** 21 bytes each: a tile stays below 150 KB. */
const mostSlices = 4000;
const mostArrows = 1200;
const mostMarks = 500;

export function tileOf(
  timeline: Timeline,
  level: number,
  index: number,
  state: { readonly revision: number; readonly running: boolean },
): Tile {
  const start = index * tileNanos(level);
  const end = start + tileNanos(level);
  return {
    level,
    index,
    revision: state.revision,
    // Holds are written when they end, and each thread's chunk on its own: any part of a live trace may still grow.
    whole: !state.running,
    lanes: lanesOf(timeline, level, index, start, end),
    queueDepth: depthBuckets(timeline, level, start),
    settled: settledBuckets(timeline, level, start),
    arrows: arrowsBetween(timeline.arrows, start, end),
    marks: marksBetween(timeline.marks, start, end),
  };
}

function lanesOf(
  timeline: Timeline,
  level: number,
  index: number,
  start: number,
  end: number,
): TileLane[] {
  const ranges = timeline.lanes.map((lane) => ({
    state: rangeOf(lane.state, start, end),
    under: rangeOf(lane.under, start, end),
  }));
  const slices = ranges.reduce(
    (sum, { state, under }) => sum + overlapping(state) + overlapping(under),
    0,
  );
  if (slices > mostSlices) {
    return timeline.coverage.map((coverage) => ({
      kind: "coverage",
      coverage: coverage.tile(level, index),
    }));
  }
  return timeline.lanes.map((lane, at) => {
    const range = ranges[at];
    return {
      kind: "slices",
      slices: range === undefined ? emptySlices : joined(lane, range.state, range.under),
    };
  });
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly start: number;
}

function overlapping({ from, to }: Range): number {
  return Math.max(0, to - from);
}

function rangeOf(row: SliceColumns, start: number, end: number): Range {
  return { from: firstOverlap(row, start), to: firstAtLeast(row.start, row.length, end), start };
}

/** State row first, then the row below. */
function joined(lane: Lane, state: Range, under: Range): SliceColumns {
  const above = cut(lane.state, state);
  const below = cut(lane.under, under);
  const length = above.length + below.length;
  const both = {
    length,
    start: new Float64Array(length),
    end: new Float64Array(length),
    state: new Uint8Array(length),
    name: new Int32Array(length),
    event: new Int32Array(length),
  };
  for (const column of ["start", "end", "state", "name", "event"] as const) {
    both[column].set(above[column]);
    both[column].set(below[column], above.length);
  }
  return both;
}

/** A long slice may begin far before the tile: what ended in between is no part of it. */
function cut(row: SliceColumns, { from, to, start }: Range): SliceColumns {
  const which: number[] = [];
  for (let index = from; index < to; index++) if ((row.end[index] ?? 0) > start) which.push(index);
  return pick(row, Uint32Array.from(which));
}

/** The deepest that the queue was in each bucket; a bucket without a change has the depth before it. */
function depthBuckets(timeline: Timeline, level: number, start: number): Uint32Array {
  const bucket = bucketNanos(level);
  const { depthTime, depth } = timeline;
  const deepest = new Uint32Array(bucketsInTile);
  let at = firstAtLeast(depthTime, depthTime.length, start);
  let now = depth[at - 1] ?? 0;
  for (let index = 0; index < bucketsInTile; index++) {
    const until = start + (index + 1) * bucket;
    let most = now;
    for (; at < depthTime.length && (depthTime[at] ?? 0) < until; at++) {
      now = depth[at] ?? 0;
      if (now > most) most = now;
    }
    deepest[index] = start + index * bucket > timeline.end ? 0 : most;
  }
  return deepest;
}

function settledBuckets({ settled }: Timeline, level: number, start: number): Uint32Array {
  const bucket = bucketNanos(level);
  const counts = new Uint32Array(bucketsInTile);
  let before = firstAtLeast(settled, settled.length, start);
  for (let index = 0; index < bucketsInTile; index++) {
    const after = firstAtLeast(settled, settled.length, start + (index + 1) * bucket);
    counts[index] = after - before;
    before = after;
  }
  return counts;
}

function arrowsBetween(arrows: Arrows, start: number, end: number): Arrows {
  const from = firstAtLeast(arrows.time, arrows.time.length, start);
  const to = firstAtLeast(arrows.time, arrows.time.length, end);
  const until = to - from > mostArrows ? from : to;
  return {
    time: arrows.time.slice(from, until),
    from: arrows.from.slice(from, until),
    to: arrows.to.slice(from, until),
  };
}

function marksBetween(marks: Marks, start: number, end: number): Marks {
  const from = firstAtLeast(marks.time, marks.time.length, start);
  const to = Math.min(from + mostMarks, firstAtLeast(marks.time, marks.time.length, end));
  return {
    time: marks.time.slice(from, to),
    lane: marks.lane.slice(from, to),
    name: marks.name.slice(from, to),
  };
}

const emptySlices: SliceColumns = {
  length: 0,
  start: new Float64Array(0),
  end: new Float64Array(0),
  state: new Uint8Array(0),
  name: new Int32Array(0),
  event: new Int32Array(0),
};
