// How long a thread that was woken to lead took until it led: sums in its seat's words, so that reading them costs no thread
// anything. Two looks at the clock for each wake, which itself costs a hundred times as much.

import { bucketOf, logBuckets, quantileOf } from "../../base/log-buckets.ts";
import { seatField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { HandOffFigures } from "../pool-front.ts";

/** By whoever wakes the seat, before the wake. */
export function called({ words, seat }: PoolMemory, index: number, nowMicros: number): void {
  // 0 is for "not called".
  words[seat(index, seatField.calledMicros)] = nowMicros | 1;
}

/** By the seat's own thread, before it is idle: another may have led in its place. */
export function notCalled({ words, seat }: PoolMemory, index: number): void {
  words[seat(index, seatField.calledMicros)] = 0;
}

/** By the seat's own thread, when it leads. */
export function came(
  { words, seat, handOff }: PoolMemory,
  index: number,
  nowMicros: () => number,
): void {
  const since = words[seat(index, seatField.calledMicros)] ?? 0;
  if (since === 0) return;
  words[seat(index, seatField.calledMicros)] = 0;
  const micros = Math.max(0, (nowMicros() - since) | 0);
  const count = seat(index, seatField.handOffs);
  const sum = seat(index, seatField.handOffMicros);
  const worst = seat(index, seatField.worstHandOff);
  const bucket = handOff(index, bucketOf(micros));
  words[bucket] = ((words[bucket] ?? 0) + 1) | 0;
  words[count] = ((words[count] ?? 0) + 1) | 0;
  words[sum] = ((words[sum] ?? 0) + micros) | 0;
  words[worst] = Math.max(words[worst] ?? 0, micros);
}

/** Over all seats since the start; the sum wraps after 71 minutes of hand-offs a seat. */
export function handOffFigures({ words, seat, seats, handOff }: PoolMemory): HandOffFigures {
  const buckets = Array.from({ length: logBuckets }, () => 0);
  let count = 0;
  let sum = 0;
  let worstMicros = 0;
  for (let index = 1; index <= seats; index++) {
    count += words[seat(index, seatField.handOffs)] ?? 0;
    sum += (words[seat(index, seatField.handOffMicros)] ?? 0) >>> 0;
    worstMicros = Math.max(worstMicros, words[seat(index, seatField.worstHandOff)] ?? 0);
    for (const [bucket, before] of buckets.entries()) {
      buckets[bucket] = before + (words[handOff(index, bucket)] ?? 0);
    }
  }
  const p50Micros = Math.min(worstMicros, quantileOf(buckets, 0.5));
  const p99Micros = Math.min(worstMicros, quantileOf(buckets, 0.99));
  return { count, meanMicros: count === 0 ? 0 : sum / count, p50Micros, p99Micros, worstMicros };
}
