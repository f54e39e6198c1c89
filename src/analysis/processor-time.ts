// How much processor time a thread had within a stretch, from the OS's samples, spread evenly between two of them. An estimate: good
// for stretches that are not much shorter than the samples' distance.

import { firstAtLeast } from "../trace/time-order.ts";
import type { Seen } from "./records.ts";

/** Where nothing was sampled the whole stretch counts. */
export function processorTimeOf(
  samples: readonly Seen[],
): (thread: number, start: number, end: number) => number {
  const clocks = new Map<number, { readonly times: number[]; readonly used: number[] }>();
  for (const { thread, time, a } of samples) {
    const clock = clocks.get(thread) ?? { times: [], used: [] };
    clocks.set(thread, clock);
    clock.used.push((clock.used.at(-1) ?? 0) + a * 1000);
    clock.times.push(time);
  }
  const sorted = new Map(
    [...clocks].map(([thread, { times, used }]) => [
      thread,
      { times: Float64Array.from(times), used },
    ]),
  );
  return (thread, start, end) => {
    const clock = sorted.get(thread);
    if (clock === undefined) return end - start;
    return Math.min(end - start, usedAt(clock, end) - usedAt(clock, start));
  };
}

function usedAt(
  { times, used }: { readonly times: Float64Array; readonly used: readonly number[] },
  time: number,
): number {
  const next = firstAtLeast(times, times.length, time);
  if (next === times.length) return used.at(-1) ?? 0;
  const before = { time: times[next - 1] ?? 0, used: used[next - 1] ?? 0 };
  const span = (times[next] ?? 0) - before.time;
  const share = span === 0 ? 1 : (time - before.time) / span;
  return before.used + share * ((used[next] ?? 0) - before.used);
}
