// How much of each bucket every state covers, for levels at which single slices can't be seen. A pyramid: its base has about
// eight slices in a bucket and is summed once over the lane; each level above is the sum of four buckets below.

import {
  bucketNanos,
  bucketsInTile,
  sliceStates,
  type SliceColumns,
} from "../../protocol/timeline.ts";
import type { Lane } from "./lane.ts";

const states = sliceStates.length;
const slicesInBucket = 8;

export class Coverage {
  readonly #lane: Lane;
  readonly #end: number;
  readonly #baseLevel: number;
  /** Nanoseconds by bucket and state, from the base level up; made when first asked for. */
  readonly #levels: Float32Array[] = [];

  constructor(lane: Lane, end: number) {
    this.#lane = lane;
    this.#end = end;
    const slices = Math.max(1, lane.state.length + lane.under.length);
    let level = 0;
    while (end / bucketNanos(level) > slices / slicesInBucket && level < 24) level++;
    this.#baseLevel = level;
  }

  /** `bucketsInTile` x states bytes; 255 is a whole bucket, 1 the least that is not nothing. */
  tile(level: number, index: number): Uint8Array {
    const bucket = bucketNanos(level);
    const first = index * bucketsInTile;
    const nanos =
      level < this.#baseLevel
        ? this.#direct(first * bucket, bucket)
        : this.#levelAt(level).subarray(first * states, (first + bucketsInTile) * states);
    const bytes = new Uint8Array(bucketsInTile * states);
    nanos.forEach((value, at) => {
      if (value > 0) bytes[at] = Math.max(1, Math.min(255, Math.round((value / bucket) * 255)));
    });
    return bytes;
  }

  #direct(start: number, bucket: number): Float32Array {
    const into = new Float32Array(bucketsInTile * states);
    const end = start + bucketsInTile * bucket;
    for (const row of [this.#lane.state, this.#lane.under]) addRow(into, row, start, end, bucket);
    return into;
  }

  #levelAt(level: number): Float32Array {
    const at = level - this.#baseLevel;
    const known = this.#levels[at];
    if (known !== undefined) return known;
    const made = at === 0 ? this.#base() : sumOfFour(this.#levelAt(level - 1));
    this.#levels[at] = made;
    return made;
  }

  #base(): Float32Array {
    const bucket = bucketNanos(this.#baseLevel);
    const buckets = Math.floor(this.#end / bucket) + 1;
    const into = new Float32Array(buckets * states);
    for (const row of [this.#lane.state, this.#lane.under]) {
      addRow(into, row, 0, buckets * bucket, bucket);
    }
    return into;
  }
}

function add(to: Float32Array | Float64Array, place: number, nanos: number): void {
  to[place] = (to[place] ?? 0) + nanos;
}

function addRow(
  into: Float32Array,
  row: SliceColumns,
  start: number,
  end: number,
  bucket: number,
): void {
  // Where stretches of buckets that a slice covers whole begin and end: summed up once, however many slices lie over each other.
  const edges = new Float64Array(into.length + states);
  for (let index = firstOverlap(row, start); index < row.length; index++) {
    const from = Math.max(start, row.start[index] ?? 0);
    if (from >= end) break;
    const to = Math.min(end, row.end[index] ?? 0);
    if (to <= from) continue;
    const state = row.state[index] ?? 0;
    const first = Math.floor((from - start) / bucket);
    const last = Math.floor((to - start) / bucket);
    if (first === last) add(into, first * states + state, to - from);
    else {
      add(into, first * states + state, start + (first + 1) * bucket - from);
      // Beyond the end for a slice that goes on to it: nothing is written there.
      add(into, last * states + state, to - start - last * bucket);
      add(edges, (first + 1) * states + state, bucket);
      add(edges, last * states + state, -bucket);
    }
  }
  for (let place = 0; place < into.length; place++) {
    if (place >= states) add(edges, place, edges[place - states] ?? 0);
    add(into, place, edges[place] ?? 0);
  }
}

/** Of each row: the latest end among the slices up to each index. It ascends, whatever the slices do. */
const reaches = new WeakMap<SliceColumns, Float64Array>();

function reachOf(row: SliceColumns): Float64Array {
  const known = reaches.get(row);
  if (known !== undefined) return known;
  const reach = new Float64Array(row.length);
  let latest = -Infinity;
  for (let index = 0; index < row.length; index++) {
    latest = Math.max(latest, row.end[index] ?? 0);
    reach[index] = latest;
  }
  reaches.set(row, reach);
  return reach;
}

/** Index of the first slice that ends after `time`: from it on, slices may overlap it. Rows are ordered by start. */
export function firstOverlap(row: SliceColumns, time: number): number {
  const reach = reachOf(row);
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((reach[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sumOfFour(below: Float32Array): Float32Array {
  const buckets = Math.ceil(below.length / states / 4);
  const above = new Float32Array(buckets * states);
  for (let at = 0; at < below.length; at++) {
    const bucket = Math.floor(at / states);
    const place = Math.floor(bucket / 4) * states + (at % states);
    above[place] = (above[place] ?? 0) + (below[at] ?? 0);
  }
  return above;
}
