// Events that found no slot, or no memory for their payload, in the order in which they came. A submitter has one, and takes from it
// whenever an event has settled.
//
// Taking costs the same however many wait: an array's shift moves all that are left, so that of 200,000 events submitted at
// once each cost 0.5 ms.

import { hearAbort, hearAbortNoMore, type AcceptedEvent } from "./accepted-event.ts";

/** Fewer places that were left are not worth moving the others for. */
const leastLeft = 1024;

export class Outbox {
  #events: (AcceptedEvent | undefined)[] = [];
  /** What stood before this place is taken. */
  #first = 0;
  #size = 0;

  /** Those that wait: without those that their signals have ended. */
  get size(): number {
    return this.#size;
  }

  /** From now until it is taken its signal rejects it. */
  push(event: AcceptedEvent): void {
    this.#events.push(event);
    this.#waits(event);
  }

  /** As the first of all. */
  putBack(event: AcceptedEvent): void {
    if (this.#first === 0) this.#events.unshift(event);
    else this.#events[--this.#first] = event;
    this.#waits(event);
  }

  #waits(event: AcceptedEvent): void {
    this.#size++;
    const { signal } = event;
    if (signal === undefined) return;
    hearAbort(event, signal, () => {
      this.#size--;
      event.reject(signal.reason);
    });
  }

  /** The one that has waited longest. */
  take(): AcceptedEvent | undefined {
    for (;;) {
      const event = this.#events[this.#first];
      if (event === undefined) return undefined;
      this.#events[this.#first++] = undefined;
      this.#closeUp();
      if (event.signal?.aborted === true) continue;
      this.#size--;
      // From here on its signal is listened to by whoever has it next.
      hearAbortNoMore(event);
      return event;
    }
  }

  rejectAll(reason: Error): void {
    for (let event = this.take(); event !== undefined; event = this.take()) event.reject(reason);
  }

  /** Moves the rest only when it is no longer than what has left: then each event is moved once on the average. */
  #closeUp(): void {
    if (this.#first < leastLeft || this.#first * 2 < this.#events.length) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
