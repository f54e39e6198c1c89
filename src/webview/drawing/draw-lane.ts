// One thread's lane: the person's spans above, its state row, and below it locks held and garbage collections. First the
// slices, then their names: a slice may reach over several tiles, and its name is written once.

import {
  bucketNanos,
  bucketsInTile,
  rowOf,
  sliceStates,
  type SliceColumns,
  type SliceState,
} from "../../protocol/timeline.ts";
import { dotted, hatched } from "./hatch.ts";
import { rowBand, stateTop, stateHeight } from "./layout.ts";
import { drawNames } from "./draw-names.ts";
import type { Picture } from "./picture.ts";
import { xOf } from "./scale.ts";
import type { PlacedTile } from "./tile-cache.ts";
import { isFaded, sliceName } from "./slice-name.ts";

const states = sliceStates.length;
const code = (state: SliceState): number => sliceStates.indexOf(state);
/** From the bottom up: what waits stands at the bottom, where it is seen first. */
const stacked = (["lockWait", "blockingCall", "handler", "leading"] as const).map((state) => ({
  state,
  code: code(state),
}));

/** Hatching finer than its own lines would be noise. */
const patternPixels = 6;
const fadedAlpha = 0.2;

export function drawLane(picture: Picture, lane: number): void {
  const { brush, theme, scale, layout } = picture;
  brush.fillStyle = theme.follower;
  brush.fillRect(scale.left, stateTop(layout, lane), scale.right - scale.left, stateHeight);
  for (const placed of picture.tiles) {
    const data = placed.tile.lanes[lane];
    if (data === undefined) continue;
    if (data.kind === "slices") drawSlices(picture, data.slices, placed, lane);
    else drawCoverage(picture, data.coverage, placed, lane);
  }
  drawNames(picture, lane);
  brush.fillStyle = theme.foreground;
  brush.textAlign = "right";
  const name = picture.head.lanes[lane]?.name ?? "";
  brush.fillText(name, scale.left - 10, stateTop(layout, lane) + stateHeight / 2);
  brush.textAlign = "left";
}

function fillOf(picture: Picture, state: SliceState): string | CanvasPattern {
  const { brush, theme } = picture;
  switch (state) {
    case "leading":
      return theme.leader;
    case "handler":
      return theme.handler;
    case "lockWait":
      return hatched(brush, theme.wait, theme.hatch);
    case "blockingCall":
      return dotted(brush, theme.blocking, theme.hatch);
    case "lockHeld":
      return theme.held;
    case "garbageCollection":
      return theme.quiet;
    case "span":
      return theme.span;
  }
}

function drawSlices(
  picture: Picture,
  slices: SliceColumns,
  { start, end }: PlacedTile,
  lane: number,
): void {
  const { brush } = picture;
  for (let index = 0; index < slices.length; index++) {
    // A slice that reaches into the next tile is drawn there for that part: each pixel once.
    const from = Math.max(start, slices.start[index] ?? 0);
    const to = Math.min(end, slices.end[index] ?? 0);
    if (to <= from) continue;
    const state = sliceStates[slices.state[index] ?? 0] ?? "leading";
    const name = sliceName(picture.head, state, slices.name[index] ?? 0);
    if (isFaded(picture, lane, name)) brush.globalAlpha = fadedAlpha;
    drawSlice(picture, state, lane, { from, to, isEnd: to === slices.end[index] });
    brush.globalAlpha = 1;
  }
}

function drawSlice(
  picture: Picture,
  state: SliceState,
  lane: number,
  { from, to, isEnd }: { readonly from: number; readonly to: number; readonly isEnd: boolean },
): void {
  const { brush, scale, theme, layout } = picture;
  const left = Math.max(scale.left, xOf(scale, from));
  const right = Math.min(scale.right, xOf(scale, to));
  if (right <= scale.left || left >= scale.right) return;
  const { top, height } = rowBand(layout, lane, rowOf(state));
  const waits = state === "lockWait" || state === "blockingCall";
  // What waits must never vanish, however short; the rest may thin out.
  const width = Math.max(waits ? 1 : 0.5, right - left);
  const isThin = width < patternPixels;
  brush.fillStyle =
    isThin && state === "lockWait"
      ? theme.wait
      : isThin && state === "blockingCall"
        ? theme.blocking
        : fillOf(picture, state);
  brush.fillRect(left, top, width, height);
  // A hair's breadth between neighbours tells two turns of one handler apart.
  if (isEnd && width > 5) {
    brush.fillStyle = theme.background;
    brush.fillRect(left + width - 0.5, top, 0.5, height);
  }
  if (theme.kind === "high-contrast" && width > 3) {
    brush.strokeStyle = theme.foreground;
    brush.lineWidth = 1;
    brush.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  }
}

/** Stacked fractions: of each pixel column, how much of the time each state had. */
function drawCoverage(
  picture: Picture,
  coverage: Uint8Array,
  { tile, start, end }: PlacedTile,
  lane: number,
): void {
  const { scale, brush, theme, layout } = picture;
  const bucket = bucketNanos(tile.level);
  const origin = tile.index * bucketsInTile * bucket;
  const fills = [theme.wait, theme.blocking, theme.handler, theme.leader];
  const held = code("lockHeld");
  const top = stateTop(layout, lane);
  const below = rowBand(layout, lane, "held");
  for (let index = 0; index < bucketsInTile; index++) {
    const from = origin + index * bucket;
    if (from + bucket <= start || from >= end) continue;
    const left = Math.max(scale.left, xOf(scale, Math.max(start, from)));
    const right = Math.min(scale.right, xOf(scale, Math.min(end, from + bucket)));
    if (right <= left) continue;
    let bottom = top + stateHeight;
    stacked.forEach(({ code }, layer) => {
      const share = (coverage[index * states + code] ?? 0) / 255;
      if (share === 0) return;
      const height = Math.max(layer === 0 ? 1.5 : 0.5, share * stateHeight);
      brush.fillStyle = fills[layer] ?? theme.handler;
      brush.fillRect(left, Math.max(top, bottom - height), right - left, height);
      bottom -= height;
    });
    const share = (coverage[index * states + held] ?? 0) / 255;
    if (share === 0) continue;
    brush.globalAlpha = 0.25 + 0.75 * share;
    brush.fillStyle = theme.held;
    brush.fillRect(left, below.top, right - left, below.height);
    brush.globalAlpha = 1;
  }
}
