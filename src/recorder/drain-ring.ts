// Copies a ring's new events into a batch. An event that the producer may have overwritten during the copy is not taken: the
// head is read again afterwards, and whatever it has reached since counts as dropped.

import type { EventBatch } from "../trace/event-batch.ts";
import type { Ring } from "./ring.ts";

export interface Drained {
  /** How far the ring is read now, modulo 2^32. */
  readonly read: number;
  readonly dropped: number;
}

/** Stops when the batch is full. `start` is the trace's hrtime zero. */
export function drainRing(ring: Ring, read: number, batch: EventBatch, start: bigint): Drained {
  const size = ring.mask + 1;
  // Pairs with the recorder's store: fields up to this head are written.
  const head = Atomics.load(ring.head, 0);
  let from = read;
  let dropped = 0;
  if (((head - from) | 0) > size || ((head - from) | 0) < 0) {
    dropped = ((head - from) >>> 0) - size;
    from = (head - size) | 0;
  }
  const count = Math.min((head - from) | 0, batch.capacity - batch.length);
  const first = batch.length;
  for (let index = 0; index < count; index++) copyEvent(ring, (from + index) | 0, batch, start);
  const lost = overwritten(ring, from, count);
  if (lost > 0) dropFirst(batch, first, lost);
  return { read: (from + count) | 0, dropped: dropped + lost };
}

function copyEvent(ring: Ring, index: number, batch: EventBatch, start: bigint): void {
  const slot = index & ring.mask;
  const at = slot * 8;
  const to = batch.length++;
  const { words } = ring;
  batch.time[to] = Number((ring.times[slot * 4] ?? 0n) - start);
  const code = words[at + 2] ?? 0;
  batch.code[to] = code & 0xff;
  batch.small[to] = code >>> 8;
  batch.turn[to] = words[at + 3] ?? 0;
  batch.a[to] = words[at + 4] ?? 0;
  batch.b[to] = words[at + 5] ?? 0;
  batch.c[to] = words[at + 6] ?? 0;
  batch.d[to] = words[at + 7] ?? 0;
}

/** How many of the copied events the producer may have touched since: one more than it has published. */
function overwritten(ring: Ring, from: number, count: number): number {
  const oldestSafe = (Atomics.load(ring.head, 0) + 1 - (ring.mask + 1)) | 0;
  const lost = (oldestSafe - from) | 0;
  return Math.max(0, Math.min(count, lost));
}

function dropFirst(batch: EventBatch, first: number, lost: number): void {
  for (const name of ["time", "code", "small", "turn", "a", "b", "c", "d"] as const) {
    batch[name].copyWithin(first, first + lost, batch.length);
  }
  batch.length -= lost;
}
