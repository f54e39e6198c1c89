// Going from lane to lane by key.

import type { View } from "./drawing/messages.ts";

/** The first or the last one where there is none yet; stops at the ends. */
export function nextLane(lane: number | undefined, step: 1 | -1, lanes: number): number {
  if (lane === undefined) return step === 1 ? 0 : Math.max(0, lanes - 1);
  return Math.max(0, Math.min(lanes - 1, lane + step));
}

export function middleOfView({ from, to }: View): number {
  return (from + to) / 2;
}
