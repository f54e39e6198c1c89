// A pool in a group: whether it takes events, how many it has, and what became of those that it had lately.

import type { GroupPool, PoolFigures, PoolView } from "./group-front.ts";
import { Period } from "./period.ts";

export type MemberState =
  | { readonly kind: "up"; readonly since: number }
  | { readonly kind: "draining"; readonly since: number }
  | { readonly kind: "down"; readonly since: number; readonly reason: string };

interface MemberCounts {
  events: number;
  completed: number;
  failed: number;
  full: number;
  latencyMillis: number;
  /** Events in flight times milliseconds. */
  inFlightMillis: number;
}

const zero = (): MemberCounts => ({
  events: 0,
  completed: 0,
  failed: 0,
  full: 0,
  latencyMillis: 0,
  inFlightMillis: 0,
});

/** Of the moving mean of latency: the last ten events make two thirds of it. */
const newest = 0.1;
/** Of its share that a pool gets at once when it is new or up again. */
const firstShare = 0.1;

export class Member implements PoolView {
  readonly given: GroupPool;
  readonly name: string;
  readonly weight: number;
  readonly region: string | undefined;
  readonly #now: () => number;
  readonly #counts: Period<MemberCounts>;
  state: MemberState;
  inFlight = 0;
  latencyMillis = 0;
  #changed: number;
  #emptied: (() => void)[] = [];

  constructor(given: GroupPool, now: () => number) {
    this.given = given;
    this.name = given.name;
    this.weight = given.weight ?? 1;
    this.region = given.region;
    this.#now = now;
    this.#counts = new Period(now, zero);
    this.#changed = now();
    this.state = { kind: "up", since: now() };
  }

  get isFull(): boolean {
    return this.inFlight >= (this.given.limit ?? Infinity);
  }

  /**
   * Whether a pool that is up is offered for this event: while it warms up, only for its rising share of them. `drawn` at
   * random from 0 to 1: every third event, say, would fall in step with a round robin's own order.
   */
  takesPart(slowStartMillis: number, drawn: number): boolean {
    const elapsed = this.#now() - this.state.since;
    if (elapsed >= slowStartMillis) return true;
    return drawn < Math.max(firstShare, elapsed / slowStartMillis);
  }

  refusedFull(): void {
    this.#counts.current.full++;
  }

  /** Returns what is to be called when the event has settled. */
  give(): (completed: boolean) => void {
    const start = this.#now();
    this.#counts.current.events++;
    this.#change(1);
    return (completed) => {
      const millis = this.#now() - start;
      const counts = this.#counts.current;
      if (completed) counts.completed++;
      else counts.failed++;
      counts.latencyMillis += millis;
      this.latencyMillis =
        this.latencyMillis === 0
          ? millis
          : this.latencyMillis + newest * (millis - this.latencyMillis);
      this.#change(-1);
      if (this.inFlight > 0) return;
      for (const emptied of this.#emptied.splice(0)) emptied();
    };
  }

  async emptied(): Promise<void> {
    if (this.inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied.push(resolve);
    });
  }

  figures(): PoolFigures {
    this.#change(0);
    const [before, current] = this.#counts.all;
    const sum = (of: keyof MemberCounts): number => before[of] + current[of];
    const settled = sum("completed") + sum("failed");
    const { millis } = this.#counts;
    return {
      name: this.name,
      state: this.state.kind,
      reason: this.state.kind === "down" ? this.state.reason : "",
      weight: this.weight,
      region: this.region,
      inFlight: this.inFlight,
      events: sum("events"),
      completed: sum("completed"),
      failed: sum("failed"),
      full: sum("full"),
      meanLatencyMillis: settled === 0 ? 0 : sum("latencyMillis") / settled,
      meanInFlight: millis === 0 ? 0 : sum("inFlightMillis") / millis,
    };
  }

  #change(by: number): void {
    const now = this.#now();
    this.#counts.current.inFlightMillis += this.inFlight * (now - this.#changed);
    this.#changed = now;
    this.inFlight += by;
  }
}
