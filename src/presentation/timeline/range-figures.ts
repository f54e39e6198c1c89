// Figures of a stretch of time that the person selected.

import type { RangeFigures } from "../../protocol/panel-messages.ts";
import type { Part } from "../../protocol/panel-state.ts";
import { sliceStates, type SliceColumns } from "../../protocol/timeline.ts";
import { firstAtLeast } from "../../trace/time-order.ts";
import { count, duration, percent } from "../format.ts";
import { firstOverlap } from "./coverage.ts";
import type { Timeline } from "./timeline.ts";

/** What a lane's state row may show, as it is said. */
const labels = {
  leading: "leading",
  handler: "in handlers",
  lockWait: "waiting for locks",
  blockingCall: "in blocking calls",
} as const;
type Shown = keyof typeof labels;
const shown = Object.keys(labels) as Shown[];

export function rangeFigures(timeline: Timeline, from: number, to: number): RangeFigures {
  const start = Math.max(0, Math.min(from, to));
  const end = Math.min(timeline.end, Math.max(from, to));
  const length = Math.max(0, end - start);
  const settled =
    firstAtLeast(timeline.settled, timeline.settled.length, end) -
    firstAtLeast(timeline.settled, timeline.settled.length, start);
  const lanes = timeline.lanes.map(({ name, state }) => ({
    name,
    nanos: stateNanos(state, start, end),
  }));
  const inAll = (state: Shown): number =>
    lanes.reduce((sum, { nanos }) => sum + (nanos.get(state) ?? 0), 0);
  const wall = Math.max(1, length * timeline.lanes.length);
  const rate = length === 0 ? 0 : settled / (length / 1e9);
  return {
    sentence: `${duration(length)}: ${count(settled)} events settled`,
    rows: [
      { label: "throughput", value: `${count(rate)} events/s` },
      ...shown.map((state) => ({ label: labels[state], value: percent(inAll(state) / wall) })),
      { label: "deepest queue", value: count(deepest(timeline, start, end)) },
    ],
    lanes: lanes.map(({ name, nanos }) => ({ name, parts: partsOf(nanos, length) })),
  };
}

/** The rest of a lane is a follower's sleep, or a thread that is not there. */
function partsOf(nanos: ReadonlyMap<string, number>, length: number): Part[] {
  return shown.flatMap((state) => {
    const share = (nanos.get(state) ?? 0) / Math.max(1, length);
    return share > 0 ? [{ label: labels[state], tone: state, share, text: percent(share) }] : [];
  });
}

function stateNanos(row: SliceColumns, start: number, end: number): Map<string, number> {
  const nanos = new Map<string, number>();
  for (let index = firstOverlap(row, start); index < row.length; index++) {
    const from = Math.max(start, row.start[index] ?? 0);
    if (from >= end) break;
    const state = sliceStates[row.state[index] ?? 0] ?? "";
    const covered = Math.max(0, Math.min(end, row.end[index] ?? 0) - from);
    nanos.set(state, (nanos.get(state) ?? 0) + covered);
  }
  return nanos;
}

function deepest({ depthTime, depth }: Timeline, start: number, end: number): number {
  const from = Math.max(0, firstAtLeast(depthTime, depthTime.length, start) - 1);
  const to = firstAtLeast(depthTime, depthTime.length, end);
  return depth.subarray(from, to).reduce((most, each) => Math.max(most, each), 0);
}
