// Who sits in the pool's seats; and in place of threads that are gone, heirs, for the events that they had submitted, until
// another thread takes the seat.

import { mainSubmitter, type PoolCore } from "../pool-core.ts";
import { giveLane } from "../queue/lanes.ts";
import type { Duty, Seat } from "./pool-seat.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { ThreadStart } from "../thread/thread-messages.ts";

export class SeatTable {
  readonly #core: PoolCore;
  readonly #handlers: readonly string[];
  readonly #seats = new Map<number, Seat>();
  readonly #heirs = new Map<number, Submitter>();

  /** `handlers` is the pool's list, which grows. */
  constructor(core: PoolCore, handlers: readonly string[]) {
    this.#core = core;
    this.#handlers = handlers;
  }

  get(index: number): Seat | undefined {
    return this.#seats.get(index);
  }

  all(): Seat[] {
    return [...this.#seats.values()];
  }

  of(duty: Duty): Seat[] {
    return this.all().filter((seat) => seat.duty === duty);
  }

  free(duty: ThreadStart["duty"]): number | undefined {
    const front = this.#frontSeat;
    for (let index = 1; index <= this.#core.memory.seats; index++) {
      const isForOther = front !== undefined && (duty === "front") !== (index === front);
      if (!this.#seats.has(index) && !isForOther) return index;
    }
    return undefined;
  }

  /** The seat of the front thread, where the model has one and it is not there. */
  get missingFront(): number | undefined {
    const front = this.#frontSeat;
    return front === undefined || this.#seats.has(front) ? undefined : front;
  }

  /** In models that have a front thread it always sits in the last seat: others know it by that. */
  get #frontSeat(): number | undefined {
    const { memory, parts } = this.#core;
    return parts.model.frontThreads > 0 ? memory.seats : undefined;
  }

  /** A member that has a queue of its own gets one that nobody serves. */
  giveLane(index: number): void {
    giveLane(this.#core.memory, index, (seat) => this.#seats.get(seat)?.duty === "member");
  }

  /** To be called before the seat's thread runs: from then on it looks after what was submitted from this seat. */
  take(seat: Seat): void {
    this.#heirs.get(seat.index)?.release();
    this.#heirs.delete(seat.index);
    this.#seats.set(seat.index, seat);
  }

  delete(index: number): void {
    this.#seats.delete(index);
  }

  /** The main thread looks after what the seat's thread, which is gone, had submitted. */
  inherit(index: number): void {
    const heir = mainSubmitter(this.#core, index, this.#handlers, () => undefined);
    heir.close();
    this.#heirs.set(index, heir);
  }

  /** Settles what threads that are gone had submitted. */
  collect(): void {
    for (const heir of this.#heirs.values()) heir.collect();
  }
}
