// Above the lanes: how deep the queue was, as an area, and how many events settled, as a line over it.

import { bucketNanos, bucketsInTile } from "../../protocol/timeline.ts";
import { drawLabel } from "./draw-chrome.ts";
import type { Picture } from "./picture.ts";
import { xOf } from "./scale.ts";

export function drawPlots(picture: Picture): void {
  const { brush, theme, scale, layout } = picture;
  const { plot } = layout;
  const bottom = plot.top + plot.height;
  const depths = columnsOf(picture, "queueDepth");
  const settled = columnsOf(picture, "settled");
  const deepest = Math.max(1, ...depths);
  const most = Math.max(1, ...settled);
  brush.fillStyle = theme.quiet;
  brush.globalAlpha = 0.35;
  depths.forEach((depth, pixel) => {
    const height = (depth / deepest) * (plot.height - 6);
    if (height > 0) brush.fillRect(scale.left + pixel, bottom - height, 1, height);
  });
  brush.globalAlpha = 1;
  drawLine(picture, settled, most);
  brush.fillStyle = theme.grid;
  brush.fillRect(scale.left, bottom, scale.right - scale.left, 1);
  drawLabel(picture, "queue", plot.top + plot.height / 2);
  brush.fillStyle = theme.quiet;
  if (depths.some((depth) => depth > 0)) {
    brush.fillText(`deepest ${deepest}`, scale.left + 4, plot.top + 4);
  }
}

function drawLine(
  { brush, theme, scale, layout }: Picture,
  settled: readonly number[],
  most: number,
): void {
  const { plot } = layout;
  const bottom = plot.top + plot.height;
  brush.strokeStyle = theme.handler;
  brush.lineWidth = 1;
  brush.beginPath();
  settled.forEach((value, pixel) => {
    const y = bottom - (value / most) * (plot.height - 8);
    if (pixel === 0) brush.moveTo(scale.left, y);
    else brush.lineTo(scale.left + pixel, y);
  });
  brush.stroke();
}

/** A value for each pixel: the deepest queue in it, or the events that settled in a window of a few pixels. */
function columnsOf(picture: Picture, column: "queueDepth" | "settled"): number[] {
  const { scale, tiles, head } = picture;
  const columns = Array.from({ length: Math.max(1, Math.ceil(scale.right - scale.left)) }, () => 0);
  for (const { tile, start, end } of tiles) {
    const bucket = bucketNanos(tile.level);
    const origin = tile.index * bucketsInTile * bucket;
    for (let index = 0; index < bucketsInTile; index++) {
      const from = origin + index * bucket;
      if (from + bucket <= start || from >= end || from > head.end) continue;
      const value = tile[column][index] ?? 0;
      if (value === 0) continue;
      const first = Math.max(0, Math.floor(xOf(scale, from) - scale.left));
      const last = Math.max(first, Math.ceil(xOf(scale, from + bucket) - scale.left) - 1);
      if (column === "settled") {
        columns[first] = (columns[first] ?? 0) + value;
        continue;
      }
      for (let pixel = first; pixel <= last && pixel < columns.length; pixel++) {
        columns[pixel] = Math.max(columns[pixel] ?? 0, value);
      }
    }
  }
  return column === "settled" ? smoothed(columns, 9) : columns;
}

/** Counts in single pixels are noise to look at: the mean over a few. */
function smoothed(values: readonly number[], width: number): number[] {
  const half = Math.floor(width / 2);
  let sum = values.slice(0, half).reduce((total, value) => total + value, 0);
  return values.map((_, pixel) => {
    sum += values[pixel + half] ?? 0;
    const mean = sum / width;
    sum -= values[pixel - half] ?? 0;
    return mean;
  });
}
