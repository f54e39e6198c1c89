// Arithmetic of the window of time that is seen. Pure; times in nanoseconds.

import type { View } from "./drawing/messages.ts";

const shortest = 2000;

/** Keeps the window within the run, with a little room at its end, and no shorter than can be told apart. */
export function clamped({ from, to }: View, end: number): View {
  const longest = Math.max(shortest, end * 1.02);
  const length = Math.min(longest, Math.max(shortest, to - from));
  const start = Math.max(0, Math.min(from, longest - length));
  return { from: start, to: start + length };
}

/** `factor` below 1 comes closer. What is at `at` stays where it is. */
export function zoomed({ from, to }: View, at: number, factor: number): View {
  return { from: at - (at - from) * factor, to: at + (to - at) * factor };
}

export function panned({ from, to }: View, share: number): View {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

/** An interval with room around it, so that what led to it is seen too. */
export function around(start: number, end: number): View {
  const room = Math.max(20_000, (end - start) * 0.6);
  return { from: start - room, to: end + room };
}

/** Between two windows: zooming looks even when lengths change by equal ratios. */
export function between(from: View, to: View, share: number): View {
  const length = (from.to - from.from) ** (1 - share) * (to.to - to.from) ** share;
  const middle = ((from.from + from.to) * (1 - share) + (to.from + to.to) * share) / 2;
  return { from: middle - length / 2, to: middle + length / 2 };
}
