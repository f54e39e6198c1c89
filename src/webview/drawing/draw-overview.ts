// The whole run in a strip: all threads' fractions stacked, and the window as a box in it.

import { bucketNanos, bucketsInTile, sliceStates } from "../../protocol/timeline.ts";
import { drawLabel } from "./draw-chrome.ts";
import type { Picture } from "./picture.ts";
import { timeText, xOf, type Scale } from "./scale.ts";
import type { PlacedTile } from "./tile-cache.ts";

const layers = ["lockWait", "blockingCall", "handler", "leading"] as const;
const codes = layers.map((state) => sliceStates.indexOf(state));
const states = sliceStates.length;
/** Single pixels of a busy pool are noise to look at. */
const columnPixels = 3;

/** `whole` is the scale of the strip; the picture's own is the window's. */
export function drawOverview(picture: Picture, whole: Scale, tiles: readonly PlacedTile[]): void {
  const { brush, theme, head, scale, layout } = picture;
  const { overview } = layout;
  const fills = [theme.wait, theme.blocking, theme.handler, theme.leader];
  brush.fillStyle = theme.follower;
  brush.fillRect(whole.left, overview.top, whole.right - whole.left, overview.height);
  sharesOf(whole, tiles, head.lanes.length).forEach((shares, column) => {
    let bottom = overview.top + overview.height;
    shares.forEach((share, layer) => {
      const height = Math.min(bottom - overview.top, share * overview.height);
      if (height <= 0) return;
      brush.fillStyle = fills[layer] ?? theme.handler;
      brush.globalAlpha = 0.75;
      brush.fillRect(whole.left + column * columnPixels, bottom - height, columnPixels, height);
      bottom -= height;
    });
  });
  brush.globalAlpha = 1;
  drawLabel(picture, timeText(head.end), overview.top + overview.height / 2);
  const left = Math.max(whole.left, xOf(whole, scale.from));
  const right = Math.min(whole.right, Math.max(left + 3, xOf(whole, scale.to)));
  brush.fillStyle = theme.background;
  brush.globalAlpha = 0.45;
  brush.fillRect(whole.left, overview.top, left - whole.left, overview.height);
  brush.fillRect(right, overview.top, whole.right - right, overview.height);
  brush.globalAlpha = 1;
  brush.strokeStyle = theme.foreground;
  brush.lineWidth = 1.5;
  brush.strokeRect(left, overview.top - 1, right - left, overview.height + 2);
}

/** For each column the share of all threads' time that each layer had. */
function sharesOf(whole: Scale, tiles: readonly PlacedTile[], lanes: number): number[][] {
  const columns = Math.max(1, Math.floor((whole.right - whole.left) / columnPixels));
  const nanosPerColumn = whole.nanosPerPixel * columnPixels;
  const nanos = Array.from({ length: columns }, () => layers.map(() => 0));
  const columnAt = (time: number): number => Math.floor((time - whole.from) / nanosPerColumn);
  const add = (from: number, to: number, layer: number, share: number): void => {
    const last = Math.min(columns - 1, columnAt(to));
    for (let column = Math.max(0, columnAt(from)); column <= last; column++) {
      const left = whole.from + column * nanosPerColumn;
      const covered = Math.min(to, left + nanosPerColumn) - Math.max(from, left);
      const shares = nanos[column];
      if (shares !== undefined && covered > 0)
        shares[layer] = (shares[layer] ?? 0) + covered * share;
    }
  };
  for (const placed of tiles) addTile(placed, add);
  const scale = nanosPerColumn * Math.max(1, lanes);
  return nanos.map((shares) => shares.map((value) => value / scale));
}

function addTile(
  { tile, start, end }: PlacedTile,
  add: (from: number, to: number, layer: number, share: number) => void,
): void {
  const bucket = bucketNanos(tile.level);
  const origin = tile.index * bucketsInTile * bucket;
  for (const lane of tile.lanes) {
    if (lane.kind === "slices") {
      const { slices } = lane;
      for (let index = 0; index < slices.length; index++) {
        const layer = codes.indexOf(slices.state[index] ?? 0);
        if (layer === -1) continue;
        const from = Math.max(start, slices.start[index] ?? 0);
        add(from, Math.min(end, slices.end[index] ?? 0), layer, 1);
      }
      continue;
    }
    for (let index = 0; index < bucketsInTile; index++) {
      const from = origin + index * bucket;
      codes.forEach((code, layer) => {
        const share = (lane.coverage[index * states + code] ?? 0) / 255;
        if (share > 0) add(Math.max(start, from), Math.min(end, from + bucket), layer, share);
      });
    }
  }
}
