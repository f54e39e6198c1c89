// Records come in the order of writing, and a hold is written when it ends: visiting them by time needs this order.

import type { EventColumns } from "./trace.ts";

/** An analysis visits the same events many times: their order is found once. */
const known = new WeakMap<EventColumns, Uint32Array>();

/** Indexes of a thread's events in ascending order of time; stable. Not to be changed. */
export function eventOrder(events: EventColumns): Uint32Array {
  const before = known.get(events);
  if (before !== undefined) return before;
  const order = timeOrder(events.time.subarray(0, events.length));
  known.set(events, order);
  return order;
}

/** Indexes of `times` in ascending order of time; stable. */
export function timeOrder(times: Float64Array): Uint32Array {
  const order = new Uint32Array(times.length);
  let sorted = true;
  for (let index = 0; index < order.length; index++) {
    order[index] = index;
    if (index > 0 && (times[index] ?? 0) < (times[index - 1] ?? 0)) sorted = false;
  }
  if (sorted) return order;
  return order.sort(
    (first, second) => (times[first] ?? 0) - (times[second] ?? 0) || first - second,
  );
}

/** The first index whose time is at least `time`; `length` when none is. `times` ascend. */
export function firstAtLeast(times: Float64Array, length: number, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
