// The leadership lane: who led when. A gap is loud only where it hurts: events wait, and a thread has nothing to do.

import {
  bucketNanos,
  bucketsInTile,
  sliceStates,
  type Tile,
  type TileLane,
} from "../../protocol/timeline.ts";
import { drawLabel } from "./draw-chrome.ts";
import type { Picture } from "./picture.ts";
import { xOf } from "./scale.ts";
import type { PlacedTile } from "./tile-cache.ts";

const leading = sliceStates.indexOf("leading");
const states = sliceStates.length;

interface Band {
  readonly top: number;
  readonly height: number;
}

interface Reign {
  readonly lane: number;
  readonly start: number;
  readonly end: number;
}

export function drawLeader(picture: Picture): void {
  const { brush, theme, scale, tiles, layout } = picture;
  if (layout.leader === undefined) return;
  const { top, height } = layout.leader;
  brush.fillStyle = theme.follower;
  brush.fillRect(scale.left, top, scale.right - scale.left, height);
  for (const placed of tiles) {
    if (placed.tile.lanes.some(({ kind }) => kind === "coverage"))
      drawShares(picture, placed, layout.leader);
    else drawReigns(picture, placed, layout.leader);
  }
  drawLabel(picture, "leader", top + height / 2);
}

function drawReigns(picture: Picture, placed: PlacedTile, { top, height }: Band): void {
  const { brush, theme, scale, head } = picture;
  const reigns = reignsOf(placed);
  for (const { lane, start, end } of reigns) {
    const left = Math.max(scale.left, xOf(scale, start));
    const right = Math.min(scale.right, xOf(scale, end));
    if (right <= left) continue;
    brush.fillStyle = theme.leader;
    brush.fillRect(left, top, Math.max(0.5, right - left - 0.5), height);
    const name = String(head.lanes[lane]?.thread ?? "");
    if (right - left < brush.measureText(name).width + 8) continue;
    brush.fillStyle = theme.onFill;
    brush.textAlign = "center";
    brush.fillText(name, (left + right) / 2, top + height / 2 + 0.5);
    brush.textAlign = "left";
  }
  reigns.forEach(({ end }, index) => {
    const next = reigns[index + 1];
    if (next !== undefined) drawGap(picture, placed, end, next.start, top);
  });
}

function reignsOf({ tile, start, end }: PlacedTile): Reign[] {
  const reigns = tile.lanes.flatMap((lane, number) =>
    slicesOf(lane, leading).map((slice) => ({
      lane: number,
      start: Math.max(start, slice.start),
      end: Math.min(end, slice.end),
    })),
  );
  return reigns
    .filter((reign) => reign.end > reign.start)
    .sort((first, second) => first.start - second.start);
}

function slicesOf(lane: TileLane, state: number): { start: number; end: number }[] {
  if (lane.kind === "coverage") return [];
  const { slices } = lane;
  const found = [];
  for (let index = 0; index < slices.length; index++) {
    if (slices.state[index] !== state) continue;
    found.push({ start: slices.start[index] ?? 0, end: slices.end[index] ?? 0 });
  }
  return found;
}

function drawGap(
  picture: Picture,
  { tile }: PlacedTile,
  start: number,
  end: number,
  top: number,
): void {
  const { brush, theme, scale } = picture;
  const left = Math.max(scale.left, xOf(scale, start));
  const width = Math.min(scale.right, xOf(scale, end)) - left;
  if (width < 2 || depthAt(tile, start) === 0 || !isAnyIdle(tile, (start + end) / 2)) return;
  brush.fillStyle = theme.wait;
  brush.fillRect(left, top, width, 3);
}

function depthAt(tile: Tile, time: number): number {
  const bucket = bucketNanos(tile.level);
  return tile.queueDepth[Math.floor((time - tile.index * bucketsInTile * bucket) / bucket)] ?? 0;
}

function isAnyIdle(tile: Tile, time: number): boolean {
  return tile.lanes.some((lane) => {
    if (lane.kind === "coverage") return false;
    const { slices } = lane;
    for (let index = 0; index < slices.length; index++) {
      const covers = (slices.start[index] ?? 0) <= time && time < (slices.end[index] ?? 0);
      if (covers && (slices.state[index] ?? 0) <= 3) return false;
    }
    return true;
  });
}

/** Far out: how much of each pixel somebody led. */
function drawShares(
  { brush, theme, scale }: Picture,
  { tile, start, end }: PlacedTile,
  band: Band,
): void {
  const bucket = bucketNanos(tile.level);
  const origin = tile.index * bucketsInTile * bucket;
  brush.fillStyle = theme.leader;
  for (let index = 0; index < bucketsInTile; index++) {
    const from = origin + index * bucket;
    if (from + bucket <= start || from >= end) continue;
    const left = Math.max(scale.left, xOf(scale, from));
    const right = Math.min(scale.right, xOf(scale, from + bucket));
    const share = tile.lanes.reduce(
      (sum, lane) =>
        sum + (lane.kind === "coverage" ? (lane.coverage[index * states + leading] ?? 0) : 0),
      0,
    );
    if (share === 0 || right <= left) continue;
    const height = Math.max(0.5, Math.min(1, share / 255) * band.height);
    brush.fillRect(left, band.top + band.height - height, right - left, height);
  }
}
