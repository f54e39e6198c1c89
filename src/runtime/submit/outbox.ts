// Events that found no slot, or no memory for their payload, in the order in which they came. A submitter has one, and takes from it
// whenever an event has settled.
//
// Taking costs the same however many wait: an array's shift moves all that are left, so that of 200,000 events submitted at
// once each cost 0.5 ms.

import { tellReason, type AcceptedEvent } from "./accepted-event.ts";

/** Fewer places that were left are not worth moving the others for. */
const leastLeft = 1024;

export class Outbox {
  #events: (AcceptedEvent | undefined)[] = [];
  /** What stood before this place is taken. */
  #first = 0;
  /** Without those that were dropped. */
  #size = 0;

  /** Those that wait: without those that were dropped. */
  get size(): number {
    return this.#size;
  }

  /** Places in use, of which those that were taken or dropped are soon free: for tests. */
  get held(): number {
    return this.#events.length;
  }

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
    event.place = "outbox";
    this.#size++;
  }

  /** One that waits here ends without ever having been accepted. */
  drop(event: AcceptedEvent, reason: unknown): void {
    tellReason(event, reason);
    this.#size--;
    this.#closeUp();
  }

  /** The one that has waited longest. */
  take(): AcceptedEvent | undefined {
    for (;;) {
      const event = this.#events[this.#first];
      if (event === undefined) return undefined;
      this.#events[this.#first++] = undefined;
      if (event.place !== "outbox") continue;
      this.#size--;
      event.place = "nowhere";
      this.#closeUp();
      return event;
    }
  }

  rejectAll(reason: Error): void {
    for (let event = this.take(); event !== undefined; event = this.take()) {
      tellReason(event, reason);
    }
  }

  /**
   * Moves the rest only when it is no longer than what was taken and dropped: then each event is moved once on the average, and what is
   * dropped is not held while nothing is taken.
   */
  #closeUp(): void {
    const left = this.#events.length - this.#size;
    if (left < leastLeft || left * 2 < this.#events.length) return;
    this.#events = this.#events.filter((event) => event?.place === "outbox");
    this.#first = 0;
  }
}
