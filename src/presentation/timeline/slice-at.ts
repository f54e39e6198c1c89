// Finds slices by place: what is under the pointer, and what comes before and after it.

import {
  rowOf,
  sliceStates,
  type SliceColumns,
  type SlicePlace,
  type SliceState,
} from "../../protocol/timeline.ts";
import { firstAtLeast } from "../../trace/time-order.ts";
import { firstOverlap } from "./coverage.ts";
import type { Timeline } from "./timeline.ts";

export interface Slice {
  readonly lane: number;
  readonly row: SlicePlace["row"];
  readonly state: SliceState;
  readonly start: number;
  readonly end: number;
  readonly name: number;
  readonly event: number;
}

/** Of slices that overlap each other, the one that began last. */
export function sliceAt(timeline: Timeline, place: SlicePlace): Slice | undefined {
  const row = slicesOf(timeline, place);
  if (row === undefined) return undefined;
  const index = indexAt(row, place);
  return index === undefined ? undefined : sliceOf(row, index, place);
}

function indexAt(row: SliceColumns, { time, row: name }: SlicePlace): number | undefined {
  const first = firstOverlap(row, time);
  // Half a nanosecond: a slice that begins at the time itself is there.
  for (let index = firstAtLeast(row.start, row.length, time + 0.5) - 1; index >= first; index--) {
    if ((row.end[index] ?? 0) > time && rowOf(stateOf(row, index)) === name) return index;
  }
  return undefined;
}

/** The neighbour of the same state as the slice at `place`, in the same lane. */
export function neighbourOf(
  timeline: Timeline,
  place: SlicePlace,
  direction: "next" | "previous",
): Slice | undefined {
  const row = slicesOf(timeline, place);
  if (row === undefined) return undefined;
  const here = indexAt(row, place);
  const step = direction === "next" ? 1 : -1;
  const behind = firstAtLeast(row.start, row.length, place.time);
  const from = here === undefined ? behind - (step === 1 ? 0 : 1) : here + step;
  const state = here === undefined ? undefined : row.state[here];
  for (let index = from; index >= 0 && index < row.length; index += step) {
    if (state === undefined || row.state[index] === state) return sliceOf(row, index, place);
  }
  return undefined;
}

function slicesOf(timeline: Timeline, place: SlicePlace): SliceColumns | undefined {
  const lane = timeline.lanes[place.lane];
  return place.row === "state" ? lane?.state : lane?.under;
}

function sliceOf(row: SliceColumns, index: number, { lane, row: name }: SlicePlace): Slice {
  return {
    lane,
    row: name,
    state: stateOf(row, index),
    start: row.start[index] ?? 0,
    end: row.end[index] ?? 0,
    name: row.name[index] ?? 0,
    event: row.event[index] ?? -1,
  };
}

function stateOf(row: SliceColumns, index: number): SliceState {
  return sliceStates[row.state[index] ?? 0] ?? "leading";
}
