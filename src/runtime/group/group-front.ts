// A group of pools as users of the npm package see it. No imports but the package's own public types: it ships as text.

import type { EventRequest, SubmitOptions } from "../handler.ts";
import type { CloseOptions, Pool } from "../pool-front.ts";

/** What strategies and limits may go by, beside what a pool needs. */
export interface GroupEvent extends EventRequest {
  /** Who sent it, such as an address: rate limits count by it, and it stands in for a key that is not given. */
  readonly client?: string;
  /** Where it comes from, as in GroupOptions.regions. */
  readonly region?: string;
}

/** A pool as a strategy sees it. */
export interface PoolView {
  readonly name: string;
  /** As configured. */
  readonly weight: number;
  readonly region: string | undefined;
  /** Events that it was given and that have not settled. */
  readonly inFlight: number;
  /** Moving mean of the last events' milliseconds from submit to settled; 0 while none has settled. */
  readonly latencyMillis: number;
}

/** Yours fits where a name does. One that throws, or returns what it was not given, fails that event and is named. */
export interface BalancingStrategy {
  readonly name: string;
  /** Called for each event, with the pools that may take it: never none, in the order in which they were added. */
  choose(event: GroupEvent, pools: readonly PoolView[]): PoolView;
}

export type StrategyName =
  | "round-robin"
  | "dynamic-round-robin"
  | "weighted-round-robin"
  | "least-connections"
  | "consistent-hash"
  | "geographic"
  | "power-of-two-choices";

export interface GroupPool {
  readonly name: string;
  /** Of this process (`pool`) or of another one (`remotePool`). */
  readonly pool: Pool;
  /** Relative to the others'. Default 1. */
  readonly weight?: number;
  readonly region?: string;
  /** Events that it may have in flight. Default: no limit. */
  readonly limit?: number;
}

export interface HealthOptions {
  /** Default 1,000. */
  readonly everyMillis?: number;
  /** A check that takes longer has failed. Default 2,000. */
  readonly withinMillis?: number;
  /** Checks in a row until a pool counts as down, or as up again. Default 2. */
  readonly inARow?: number;
  /** Submitted to the pool at each check, which fails when it does. Default: only the pool's own state is looked at. */
  readonly probe?: EventRequest;
}

export interface GroupOptions {
  readonly pools: readonly GroupPool[];
  /** Default "power-of-two-choices". */
  readonly strategy?: StrategyName | BalancingStrategy;
  /** For "geographic": to each region of events the regions of pools, nearest first. */
  readonly regions?: Readonly<Record<string, readonly string[]>>;
  readonly health?: HealthOptions;
  /** A pool that is new or up again gets its share only after so long, rising from a tenth. Default 0. */
  readonly slowStartMillis?: number;
  /** For each client: events a second, and how many may come at once (default: one second's). */
  readonly rateLimit?: { readonly perSecond: number; readonly burst?: number };
  /**
   * Other pools that an event is given to when its pool goes down while it has it: its handler may then run twice. Default
   * 0. An event that a pool did not accept goes to another one in any case.
   */
  readonly retries?: number;
}

/** Over the last 10 to 20 seconds. */
export interface PoolFigures {
  readonly name: string;
  readonly state: "up" | "draining" | "down";
  /** Why it is down. */
  readonly reason: string;
  readonly weight: number;
  readonly region: string | undefined;
  readonly inFlight: number;
  readonly events: number;
  readonly completed: number;
  readonly failed: number;
  /** Events that it could not be given because its limit was reached. */
  readonly full: number;
  readonly meanLatencyMillis: number;
  readonly meanInFlight: number;
}

export interface GroupFigures {
  readonly strategy: string;
  readonly seconds: number;
  readonly pools: readonly PoolFigures[];
  /** The busiest clients, most events first. */
  readonly clients: readonly {
    readonly client: string;
    readonly events: number;
    readonly limited: number;
  }[];
  readonly submitted: number;
  /** Refused by a client's rate limit. */
  readonly limited: number;
  /** Refused because every pool was at its limit. */
  readonly full: number;
  readonly strategyFailures: number;
  /** What the strategy did wrong last. */
  readonly strategyFailure: string;
  /** Under "geographic": events whose region is in no table. */
  readonly unknownRegion: number;
}

export interface GroupFinding {
  readonly rule:
    | "misconfigured-weights"
    | "one-pool-takes-all"
    | "traffic-unlike-configuration"
    | "capacity-underestimated"
    | "no-fall-over-left"
    | "client-flooding"
    | "strategy-failing";
  /** The pool, client or strategy that it is about; "" for the group. */
  readonly subject: string;
  /** With the figures that are its evidence. */
  readonly sentence: string;
  readonly advice: string;
  readonly evidence: Readonly<Record<string, number>>;
}

export interface PoolGroup {
  /** Settles with the handler's result, or rejects with its error, or with why no pool took the event. */
  submit(event: GroupEvent, options?: SubmitOptions): Promise<unknown>;
  add(pool: GroupPool): void;
  /** Gives the pool no more events; resolves when it has none in flight. */
  drain(name: string): Promise<void>;
  /** After drain. */
  resume(name: string): void;
  /** Drains the pool and takes it out; closing it is the caller's. */
  remove(name: string): Promise<void>;
  figures(): GroupFigures;
  /** What goes wrong in the last seconds, by the group's own figures. */
  findings(): readonly GroupFinding[];
  /** Closes the group and its pools. */
  close(options?: CloseOptions): Promise<void>;
}
