// Pools of one thread each in virtual time: events wait in order and take as long as their payload says, in milliseconds. A group
// before them is the real one; only the clock and the servers are not, so that what is measured is the balancing alone.

import type { EventRequest } from "../src/runtime/handler.ts";
import type { Pool } from "../src/runtime/pool-front.ts";

interface Served {
  readonly millis: number;
  readonly done: () => void;
}

export class SimulatedPool implements Pool {
  readonly handlers: readonly string[] = ["work"];
  readonly state = { kind: "running" } as const;
  readonly #clock: VirtualClock;
  readonly #slowness: number;
  readonly #waiting: Served[] = [];
  /** When the event in service ends; Infinity while idle. */
  endsAt = Infinity;
  events = 0;

  constructor(clock: VirtualClock, slowness: number) {
    this.#clock = clock;
    this.#slowness = slowness;
  }

  readonly submit = (event: EventRequest): Promise<void> =>
    new Promise((resolve) => {
      this.events++;
      this.#waiting.push({ millis: Number(event.payload) * this.#slowness, done: resolve });
      if (this.endsAt === Infinity) this.#serve();
    });

  /** Called at endsAt. */
  end(): void {
    this.#waiting.shift()?.done();
    this.endsAt = Infinity;
    this.#serve();
  }

  counts(): ReturnType<Pool["counts"]> {
    return { submitted: 0, settled: 0, failed: 0, cancelled: 0, shed: 0, deadLettered: 0 };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #serve(): void {
    const [next] = this.#waiting;
    if (next !== undefined) this.endsAt = this.#clock.millis + next.millis;
  }
}

export class VirtualClock {
  millis = 0;

  /** To the moment, serving what ends before it, in order. */
  async pass(until: number, pools: readonly SimulatedPool[]): Promise<void> {
    for (;;) {
      const next = pools.reduce((first, pool) => (pool.endsAt < first.endsAt ? pool : first));
      if (next.endsAt > until || next.endsAt === Infinity) break;
      this.millis = next.endsAt;
      next.end();
      // The group hears of it in microtasks.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (until !== Infinity) this.millis = until;
  }
}
