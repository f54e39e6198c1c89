// What is at a point of the canvas, from the tiles that were drawn.

import { rowOf, sliceStates, type TimelineHead } from "../../protocol/timeline.ts";
import { rowAt, type Layout } from "./layout.ts";
import type { Hit } from "./messages.ts";
import { timeOf, type Scale } from "./scale.ts";
import { sliceName } from "./slice-name.ts";
import type { PlacedTile } from "./tile-cache.ts";

export interface HitSource {
  readonly scale: Scale;
  readonly whole: Scale;
  readonly tiles: readonly PlacedTile[];
  readonly head: TimelineHead;
  readonly layout: Layout;
}

export function hitAt(source: HitSource, x: number, y: number): Hit {
  const { scale, whole, tiles, head, layout } = source;
  const { overview } = layout;
  const time = timeOf(scale, x);
  if (y >= overview.top && y <= overview.top + overview.height) {
    return { kind: "overview", time: timeOf(whole, x) };
  }
  const at = rowAt(y, layout);
  if (at === undefined || x < scale.left) return { kind: "nothing", time };
  const { lane, row } = at;
  const reach = scale.nanosPerPixel;
  const placed = tiles.find(({ start, end }) => time >= start && time < end);
  const data = placed?.tile.lanes[lane];
  if (data?.kind !== "slices") return { kind: "lane", lane, time };
  const { slices } = data;
  for (let index = slices.length - 1; index >= 0; index--) {
    const state = sliceStates[slices.state[index] ?? 0] ?? "leading";
    const [start = 0, end = 0] = [slices.start[index], slices.end[index]];
    if (rowOf(state) !== row || time < start - reach || time >= end + reach) continue;
    const name = sliceName(head, state, slices.name[index] ?? 0);
    const event = slices.event[index] ?? -1;
    return { kind: "slice", place: { lane, row, time: start }, state, name, event, start, end };
  }
  return { kind: "lane", lane, time };
}
