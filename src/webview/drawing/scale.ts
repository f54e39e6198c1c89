// Between time and pixels. Times in nanoseconds, pixels from the canvas's left edge.

import { bucketNanos } from "../../protocol/timeline.ts";
import { labelWidth, rightMargin } from "./layout.ts";
import type { View } from "./messages.ts";

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
  readonly nanosPerPixel: number;
}

export function scaleOf(view: View, width: number): Scale {
  const left = labelWidth;
  const right = Math.max(left + 1, width - rightMargin);
  const length = Math.max(1, view.to - view.from);
  return {
    from: view.from,
    to: view.from + length,
    left,
    right,
    nanosPerPixel: length / (right - left),
  };
}

export function xOf(scale: Scale, time: number): number {
  return scale.left + (time - scale.from) / scale.nanosPerPixel;
}

export function timeOf(scale: Scale, x: number): number {
  return scale.from + (x - scale.left) * scale.nanosPerPixel;
}

/** The level whose buckets are at most a pixel wide. */
export function levelFor(scale: Scale): number {
  const level = Math.floor(Math.log(scale.nanosPerPixel / bucketNanos(0)) / Math.log(4));
  return Math.max(0, Math.min(23, level));
}

/** Distance of marks on the axis: 1, 2 or 5 times a power of ten, about `pixels` apart. */
export function tickNanos(scale: Scale, pixels: number): number {
  const wanted = scale.nanosPerPixel * pixels;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  const factor = [1, 2, 5].find((each) => each * power >= wanted) ?? 10;
  return factor * power;
}

/** 850 ns, 12.4 µs, 3.1 ms, 2.0 s. */
export function timeText(nanos: number): string {
  const size = Math.abs(nanos);
  if (size < 1000) return `${Math.round(nanos)} ns`;
  if (size < 1e6) return `${(nanos / 1e3).toFixed(1)} µs`;
  if (size < 1e9) return `${(nanos / 1e6).toFixed(size < 99.95e6 ? 1 : 0)} ms`;
  return `${(nanos / 1e9).toFixed(size < 99.95e9 ? 2 : 0)} s`;
}
