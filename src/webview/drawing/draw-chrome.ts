// What stands around the lanes: the time axis with its grid, where handlers or the pool were changed, the torn edge of a run
// that was cut.

import type { Picture } from "./picture.ts";
import { tickNanos, timeText, xOf } from "./scale.ts";

export function drawAxis(picture: Picture): void {
  const { brush, theme, scale, layout } = picture;
  const { axis, bottom } = layout;
  const tick = tickNanos(scale, 96);
  const first = Math.ceil(scale.from / tick) * tick;
  // Below 100 ms, times far from the start differ in digits nobody reads: count from the first mark then.
  const relative = scale.to - scale.from < first / 20;
  brush.textBaseline = "middle";
  for (let time = first; time <= scale.to; time += tick) {
    const x = Math.round(xOf(scale, time)) + 0.5;
    brush.strokeStyle = theme.grid;
    brush.lineWidth = 1;
    brush.beginPath();
    brush.moveTo(x, axis.top);
    brush.lineTo(x, bottom);
    brush.stroke();
    const text = relative && time !== first ? `+${timeText(time - first)}` : timeText(time);
    brush.fillStyle = theme.quiet;
    if (x + 5 + brush.measureText(text).width <= scale.right) {
      brush.fillText(text, x + 5, axis.top + 9);
    }
  }
}

export function drawLabel({ brush, theme, scale }: Picture, text: string, middle: number): void {
  brush.fillStyle = theme.quiet;
  brush.textAlign = "right";
  brush.fillText(text, scale.left - 10, middle);
  brush.textAlign = "left";
}

/** From here on handlers ran newer code, or the pool went by something else. */
export function drawChanges({ brush, theme, scale, head, layout }: Picture): void {
  for (const { time, text } of head.changes) {
    if (time < scale.from || time > scale.to) continue;
    const x = Math.round(xOf(scale, time)) + 0.5;
    brush.strokeStyle = theme.promotion;
    brush.lineWidth = 1;
    brush.setLineDash([2, 3]);
    brush.beginPath();
    brush.moveTo(x, layout.axis.top + layout.axis.height);
    brush.lineTo(x, layout.bottom);
    brush.stroke();
    brush.setLineDash([]);
    const width = brush.measureText(text).width + 8;
    const left = Math.min(x, scale.right - width);
    const { top } = layout.plot;
    brush.fillStyle = theme.promotion;
    brush.fillRect(left, top - 2, width, 15);
    brush.fillStyle = theme.background;
    brush.fillText(text, left + 4, top + 6);
  }
}

/** The run did not end here, it broke off: what lies beyond is torn away. */
export function drawTear({ brush, theme, scale, head, cut, layout }: Picture): void {
  const x = xOf(scale, head.end);
  if (!cut || x < scale.left || x > scale.right + 1) return;
  const top = layout.axis.top;
  const edge: [number, number][] = [];
  for (let y = top, side = 0; y <= layout.bottom; y += 5, side = 1 - side) {
    edge.push([x - (side === 0 ? 0 : 5), y]);
  }
  const trace = (): void => {
    brush.beginPath();
    for (const [left, y] of edge) brush.lineTo(left, y);
  };
  trace();
  brush.lineTo(scale.right + 1, layout.bottom);
  brush.lineTo(scale.right + 1, top);
  brush.closePath();
  brush.fillStyle = theme.background;
  brush.fill();
  trace();
  brush.strokeStyle = theme.wait;
  brush.lineWidth = 1.5;
  brush.stroke();
}
