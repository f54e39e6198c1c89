// What lies over the lanes: promotions, the person's marks, and what is selected.

import { rowBand, stateHeight, stateTop } from "./layout.ts";
import type { Picture } from "./picture.ts";
import { xOf } from "./scale.ts";

/** Above this many in view, arrows hide what they explain. */
const mostCurves = 120;
const mostLines = 600;

export function drawPromotions(picture: Picture): void {
  const { brush, theme, scale, tiles, layout } = picture;
  const arrows = tiles.flatMap(({ tile, start, end }) =>
    [...tile.arrows.time].flatMap((time, index) => {
      const inView = time >= Math.max(start, scale.from) && time < Math.min(end, scale.to);
      const [from = 0, to = 0] = [tile.arrows.from[index], tile.arrows.to[index]];
      return inView && from !== to ? [{ time, from, to }] : [];
    }),
  );
  if (arrows.length > mostLines) return;
  brush.strokeStyle = theme.promotion;
  brush.fillStyle = theme.promotion;
  brush.lineWidth = 1;
  brush.globalAlpha = arrows.length > mostCurves ? 0.35 : 0.9;
  for (const { time, from, to } of arrows) {
    const x = xOf(scale, time);
    const down = to > from;
    const [above, below] = [stateTop(layout, from), stateTop(layout, to)];
    const start = down ? above + stateHeight : above;
    const end = down ? below : below + stateHeight;
    brush.beginPath();
    brush.moveTo(x, start);
    brush.lineTo(x, end);
    brush.stroke();
    brush.beginPath();
    const back = down ? -5 : 5;
    brush.moveTo(x, end);
    brush.lineTo(x - 3, end + back);
    brush.lineTo(x + 3, end + back);
    brush.fill();
  }
  brush.globalAlpha = 1;
}

/** Above the lane, as flags; a name is left out where the one before it still stands. */
export function drawMarks({ brush, theme, scale, tiles, head, layout }: Picture): void {
  const nameEnds = new Map<number, number>();
  for (const { tile, start, end } of tiles) {
    tile.marks.time.forEach((time, index) => {
      if (time < start || time >= end || time < scale.from || time > scale.to) return;
      const x = xOf(scale, time);
      const lane = tile.marks.lane[index] ?? 0;
      const { top, height } = rowBand(layout, lane, "span");
      brush.fillStyle = theme.foreground;
      brush.fillRect(x - 0.5, top, 1, height + 2 + stateHeight);
      brush.beginPath();
      brush.moveTo(x, top);
      brush.lineTo(x + 6, top + 3.5);
      brush.lineTo(x, top + 7);
      brush.fill();
      const name = head.strings[tile.marks.name[index] ?? 0] ?? "";
      const nameEnd = x + 14 + brush.measureText(name).width;
      if (x < (nameEnds.get(lane) ?? 0) || nameEnd > scale.right) return;
      nameEnds.set(lane, nameEnd);
      brush.fillText(name, x + 9, top + 4);
    });
  }
}

export function drawSelection(picture: Picture): void {
  const { brush, theme, selection, scale, layout } = picture;
  const { range, interval, place, culprit } = selection;
  if (range !== undefined) {
    const left = Math.max(scale.left, xOf(scale, range.start));
    const right = Math.min(scale.right, xOf(scale, range.end));
    brush.fillStyle = theme.focus;
    brush.globalAlpha = 0.18;
    const { top } = layout.axis;
    brush.fillRect(left, top, right - left, layout.bottom - top);
    brush.globalAlpha = 1;
    brush.fillRect(left, top, 1, layout.bottom - top);
    brush.fillRect(right - 1, top, 1, layout.bottom - top);
  }
  if (place === undefined || interval === undefined) return;
  const { top, height } = rowBand(layout, place.lane, place.row);
  outline(picture, interval, top, height, theme.foreground, []);
  if (culprit === undefined) return;
  const hold = rowBand(layout, culprit.lane, "held");
  outline(picture, culprit.interval, hold.top, hold.height, theme.held, [4, 3]);
  const x = Math.max(scale.left, Math.min(scale.right, xOf(scale, culprit.interval.end)));
  brush.setLineDash([4, 3]);
  brush.strokeStyle = theme.held;
  brush.beginPath();
  brush.moveTo(x, hold.top + hold.height / 2);
  brush.lineTo(x, top + height / 2);
  brush.stroke();
  brush.setLineDash([]);
}

function outline(
  { brush, scale }: Picture,
  { start, end }: { readonly start: number; readonly end: number },
  top: number,
  height: number,
  colour: string,
  dashes: number[],
): void {
  const left = Math.max(scale.left - 1, xOf(scale, start));
  const right = Math.min(scale.right + 1, xOf(scale, end));
  if (right < left) return;
  brush.setLineDash(dashes);
  brush.strokeStyle = colour;
  brush.lineWidth = 2;
  brush.strokeRect(left - 1, top - 1, Math.max(2, right - left + 2), height + 2);
  brush.setLineDash([]);
}
