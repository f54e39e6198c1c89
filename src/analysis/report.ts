// What the analysis says of a trace: the one structure that the terminal, the panel, the editor and CI show. Plain data,
// times in nanoseconds, shares from 0 to 1. Fields are only ever added.

import type { Outcome } from "../trace/outcome.ts";

/** A place in the person's code. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
}

/** Of a set of durations; all 0 when `count` is 0. */
export interface Distribution {
  readonly count: number;
  readonly total: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface HandlerLatency {
  readonly handler: string;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly queueWait: Distribution;
  readonly handOff: Distribution;
  readonly service: Distribution;
  /** For locks, conditions and barriers. */
  readonly lockWait: Distribution;
  /** From submit to settled. */
  readonly total: Distribution;
}

/** The events of one priority while they waited to be selected. */
export interface PriorityQueue {
  readonly priority: number;
  readonly events: number;
  /** Most that waited at once. */
  readonly deepest: number;
  /** How many waited on average, from the first submission to the last selection of all. */
  readonly mean: number;
  readonly wait: Distribution;
}

/** The parts of a thread's wall time. They add up to `wall`. */
export interface ThreadTime {
  readonly thread: number;
  readonly name: string;
  readonly wall: number;
  readonly leading: number;
  readonly following: number;
  /** In a handler, and neither waiting nor blocked as far as can be seen. */
  readonly handler: number;
  /** For locks, conditions and barriers. */
  readonly lockWait: number;
  readonly blockingCall: number;
  readonly garbageCollection: number;
  /** Ready to run but without a processor, from the OS's totals. */
  readonly runQueue: number;
  /** Every turn of the thread suspended at an await. */
  readonly awaiting: number;
  /** In the pool's own code around a handler: decoding the payload, settling, waking others. */
  readonly runtime: number;
  /** Before it joined the pool and after it left: the module's `setup` and `teardown`, and waiting for the other threads. */
  readonly outside: number;
  /** It had work and, by the OS's figures, neither computed nor waited for a processor: blocked in what can't be seen. */
  readonly unexplained: number;
  readonly events: number;
}

export interface SiteWaits {
  readonly site: Site | undefined;
  readonly waits: number;
  readonly total: number;
  readonly worst: number;
}

export interface Hotspot {
  readonly lock: string;
  readonly waits: number;
  readonly totalWait: number;
  readonly worstWait: number;
  /** Total wait over the summed wall time of all pool threads. */
  readonly share: number;
  /** Most pool threads that waited for it at once. */
  readonly mostWaiting: number;
  readonly threads: readonly number[];
  /** Acquire sites of the holds that were waited for, longest caused wait first. */
  readonly culprits: readonly SiteWaits[];
  /** Acquire sites that waited, longest wait first. */
  readonly victims: readonly SiteWaits[];
  /** The waits behind a wait: while the holder held this lock it waited for these itself. */
  readonly chain: readonly string[];
  readonly worstInterval: { readonly start: number; readonly end: number; readonly thread: number };
}

/** A breach of the pattern's invariants, found in the trace. */
export interface Breach {
  readonly invariant:
    | "I1"
    | "I2"
    | "I3"
    | "I4"
    | "I5"
    | "I6"
    | "I7"
    | "I8"
    | "transition"
    | "outcome";
  readonly at: number;
  readonly thread: number;
  readonly sentence: string;
}

/** One root cause, with its evidence. The rules that find them are in rules/, each with a page under docs/findings. */
export interface Finding {
  readonly rule: string;
  /** How the cause works, where a rule knows several ways; "" otherwise. */
  readonly mechanism: string;
  /** Rule, subject, file and enclosing function: never a line. */
  readonly identity: string;
  /** 0 to 100: estimated share of `metric` that removing the cause would save. */
  readonly score: number;
  readonly scoreInterval: { readonly low: number; readonly high: number };
  /** Throughput where the pool was saturated, else p99 of the slowest type of event. */
  readonly metric: "throughput" | "p99";
  /** What it is about: a lock, a handler, a type of payload; "" for the pool itself. */
  readonly subject: string;
  /** With figures, and the place. */
  readonly sentence: string;
  /** What to change, in one sentence. */
  readonly advice: string;
  /** Relative to the project. */
  readonly page: string;
  readonly remedies: readonly Remedy[];
  /** The culprit's. */
  readonly site: Site | undefined;
  readonly related: readonly { readonly sentence: string; readonly site: Site }[];
  readonly threads: readonly number[];
  readonly intervals: readonly { readonly start: number; readonly end: number }[];
}

/** A change that would help, as far as the evidence says: an edit of the source, or a key of poolscope.json. */
export type Remedy =
  | {
      readonly kind:
        | "scoped-release"
        | "move-out-of-lock"
        | "atomics-add"
        | "async-twin"
        | "notify-one"
        | "global-lock-order"
        | "read-write-lock"
        | "striped-lock";
    }
  | { readonly kind: "configuration"; readonly key: string; readonly value: string | number };

/** Who waited for whom at the last moment that was recorded. */
export interface WaitingThread {
  readonly thread: number;
  readonly lock: string;
  readonly site: Site | undefined;
  readonly since: number;
  readonly owner: number | undefined;
  readonly ownerSite: Site | undefined;
}

export interface Report {
  readonly version: 1;
  readonly findings: readonly Finding[];
  readonly run: {
    readonly module: string;
    readonly model: string;
    readonly threads: number;
    readonly promotion: string;
    readonly nodeVersion: string;
    readonly nodePath: string;
    readonly startedAt: string;
    readonly wall: number;
    readonly ended: "completed" | "stopped" | "failed" | "size-limit" | "cut";
    readonly message: string;
  };
  readonly events: {
    readonly submitted: number;
    readonly outcomes: Readonly<Record<Outcome, number>>;
    /** Settled events per second of wall time. */
    readonly throughput: number;
  };
  readonly recording: {
    readonly events: number;
    readonly dropped: number;
    readonly nanosPerEvent: number;
    /** Of the pool threads' summed wall time. */
    readonly shareOfWall: number;
  };
  readonly latency: readonly HandlerLatency[];
  /** The most urgent first. */
  readonly queues: readonly PriorityQueue[];
  readonly threads: readonly ThreadTime[];
  readonly leadership: {
    readonly handOff: Distribution;
    readonly gaps: Distribution;
    readonly promotions: number;
  };
  readonly hotspots: readonly Hotspot[];
  readonly breaches: readonly Breach[];
  readonly waiting: readonly WaitingThread[];
  readonly failures: readonly {
    readonly handler: string;
    readonly message: string;
    readonly count: number;
  }[];
  readonly problems: readonly string[];
}
