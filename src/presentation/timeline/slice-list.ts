// Slices of one row, gathered in columns that grow.

import type { SliceColumns, SliceState } from "../../protocol/timeline.ts";
import { sliceStates } from "../../protocol/timeline.ts";
import { timeOrder } from "../../trace/time-order.ts";

export const stateCode: Readonly<Record<SliceState, number>> = Object.fromEntries(
  sliceStates.map((state, code) => [state, code]),
) as Record<SliceState, number>;

export class SliceList {
  #length = 0;
  #start = new Float64Array(256);
  #end = new Float64Array(256);
  #state = new Uint8Array(256);
  #name = new Int32Array(256);
  #event = new Int32Array(256);

  add(state: SliceState, start: number, end: number, name: number, event: number): void {
    if (this.#length === this.#start.length) this.#grow();
    const at = this.#length++;
    this.#start[at] = start;
    this.#end[at] = Math.max(start, end);
    this.#state[at] = stateCode[state];
    this.#name[at] = name;
    this.#event[at] = event;
  }

  /** In the order in which they were added; the list must not be used on. */
  inOrder(): SliceColumns {
    const length = this.#length;
    return {
      length,
      start: this.#start.subarray(0, length),
      end: this.#end.subarray(0, length),
      state: this.#state.subarray(0, length),
      name: this.#name.subarray(0, length),
      event: this.#event.subarray(0, length),
    };
  }

  byStart(): SliceColumns {
    const slices = this.inOrder();
    return pick(slices, timeOrder(slices.start));
  }

  #grow(): void {
    const length = this.#length * 2;
    this.#start = wider(this.#start, new Float64Array(length));
    this.#end = wider(this.#end, new Float64Array(length));
    this.#state = wider(this.#state, new Uint8Array(length));
    this.#name = wider(this.#name, new Int32Array(length));
    this.#event = wider(this.#event, new Int32Array(length));
  }
}

export function pick(slices: SliceColumns, which: Uint32Array): SliceColumns {
  const { length } = which;
  const picked = {
    length,
    start: new Float64Array(length),
    end: new Float64Array(length),
    state: new Uint8Array(length),
    name: new Int32Array(length),
    event: new Int32Array(length),
  };
  which.forEach((from, to) => {
    picked.start[to] = slices.start[from] ?? 0;
    picked.end[to] = slices.end[from] ?? 0;
    picked.state[to] = slices.state[from] ?? 0;
    picked.name[to] = slices.name[from] ?? 0;
    picked.event[to] = slices.event[from] ?? 0;
  });
  return picked;
}

function wider<T extends Float64Array | Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
