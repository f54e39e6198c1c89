// Names on a lane's slices: whole where they fit, to three letters where those fit, on a plate where the ground is hatched.

import { rowOf, sliceStates, type SliceColumns, type SliceState } from "../../protocol/timeline.ts";
import { rowBand } from "./layout.ts";
import type { View } from "./messages.ts";
import type { Picture } from "./picture.ts";
import { timeText, xOf } from "./scale.ts";
import { isFaded, sliceName } from "./slice-name.ts";

/** A name takes at least this much: below it nothing is measured. */
const leastPixels = 18;

export function drawNames(picture: Picture, lane: number): void {
  picture.tiles.forEach(({ tile, start, end }, index) => {
    const data = tile.lanes[lane];
    // A slice is named by the tile in which it begins, or by the first one that is seen.
    const from = index === 0 ? Number.NEGATIVE_INFINITY : start;
    if (data?.kind === "slices") nameSlices(picture, data.slices, lane, { from, to: end });
  });
}

function nameSlices(picture: Picture, slices: SliceColumns, lane: number, begins: View): void {
  const { scale } = picture;
  for (let index = 0; index < slices.length; index++) {
    const [start = 0, end = 0] = [slices.start[index], slices.end[index]];
    if (start < begins.from || start >= begins.to) continue;
    const left = Math.max(scale.left, xOf(scale, start));
    const right = Math.min(scale.right, xOf(scale, end));
    if (right - left < leastPixels) continue;
    const state = sliceStates[slices.state[index] ?? 0] ?? "leading";
    const name = sliceName(picture.head, state, slices.name[index] ?? 0);
    if (isFaded(picture, lane, name)) continue;
    const text = textOf(state, name, end - start);
    if (text !== "") writeName(picture, { state, lane, left, right, text });
  }
}

function textOf(state: SliceState, name: string, nanos: number): string {
  if (state === "lockWait") return `wait ${timeText(nanos)}`;
  return state === "garbageCollection" ? "GC" : name;
}

interface Label {
  readonly state: SliceState;
  readonly lane: number;
  readonly left: number;
  readonly right: number;
  readonly text: string;
}

function writeName(picture: Picture, { state, lane, left, right, text }: Label): void {
  const { brush, theme, layout } = picture;
  const { top, height } = rowBand(layout, lane, rowOf(state));
  const isHatched = state === "lockWait" || state === "blockingCall";
  if (rowOf(state) === "held") {
    if (!layout.namesHolds || brush.measureText(text).width > right - left) return;
    brush.fillStyle = state === "lockHeld" ? theme.heldText : theme.quiet;
    brush.fillText(text, left, top + height + 7);
    return;
  }
  const room = right - left - (isHatched ? 14 : 8);
  const whole = brush.measureText(text).width <= room;
  const shown = whole ? text : text.slice(0, 3);
  if (!whole && (isHatched || brush.measureText(shown).width > room)) return;
  if (isHatched) {
    brush.fillStyle = theme.background;
    brush.beginPath();
    brush.roundRect(left + 4, top + 3, brush.measureText(shown).width + 8, height - 6, 2);
    brush.fill();
    brush.fillStyle = theme.foreground;
    brush.fillText(shown, left + 8, top + height / 2);
    return;
  }
  brush.fillStyle = state === "span" ? theme.foreground : theme.onFill;
  brush.fillText(shown, left + 5, top + height / 2 + 0.5);
}
