// A pool that settles events when the test says so, for tests of what stands in front of pools.

import type { EventRequest } from "../../src/runtime/handler.ts";
import type { Pool } from "../../src/runtime/pool-front.ts";
import type { PoolState } from "../../src/runtime/pool-state.ts";

interface Waiting {
  readonly event: EventRequest;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

export class FakePool implements Pool {
  readonly handlers = ["echo"];
  readonly waiting: Waiting[] = [];
  state: PoolState = { kind: "running" };
  submitted = 0;
  /** Settles each event at once. */
  instant = true;

  readonly submit = (event: EventRequest): Promise<unknown> => {
    if (this.state.kind === "broken") return Promise.reject(named("PoolClosedError"));
    this.submitted++;
    if (this.instant) return Promise.resolve(event.payload);
    return new Promise((resolve, reject) => {
      this.waiting.push({ event, resolve, reject });
    });
  };

  /** The oldest events that wait complete. */
  complete(count = Infinity): void {
    for (const { event, resolve } of this.waiting.splice(0, count)) resolve(event.payload);
  }

  break(errorName: string): void {
    this.state = { kind: "broken", reason: "it fell over" };
    for (const { reject } of this.waiting.splice(0)) reject(named(errorName));
  }

  counts(): ReturnType<Pool["counts"]> {
    const settled = this.submitted - this.waiting.length;
    return {
      submitted: this.submitted,
      settled,
      failed: 0,
      cancelled: 0,
      shed: 0,
      deadLettered: 0,
    };
  }

  close(): Promise<void> {
    this.state = { kind: "closed" };
    return Promise.resolve();
  }
}

function named(name: string): Error {
  return Object.assign(new Error("it fell over"), { name });
}
