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
  readonly lockWait: Distribution;
  /** From submit to settled. */
  readonly total: Distribution;
}

/** The parts of a thread's wall time. They add up to `wall`; `unexplained` is the honest rest. */
export interface ThreadTime {
  readonly thread: number;
  readonly name: string;
  readonly wall: number;
  readonly leading: number;
  readonly following: number;
  /** In a handler, and neither waiting nor blocked as far as can be seen. */
  readonly handler: number;
  readonly lockWait: number;
  readonly blockingCall: number;
  readonly garbageCollection: number;
  /** Ready to run but without a processor, from the OS's totals. */
  readonly runQueue: number;
  /** Every turn of the thread suspended at an await. */
  readonly awaiting: number;
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

/** One root cause, with its evidence. */
export interface Finding {
  readonly rule: string;
  /** Rule, lock, file and enclosing function: never a line. */
  readonly identity: string;
  /** 0 to 100: estimated share of the primary metric that removing the cause would save. */
  readonly score: number;
  readonly sentence: string;
  readonly site: Site | undefined;
  readonly related: readonly { readonly sentence: string; readonly site: Site }[];
  readonly threads: readonly number[];
  readonly intervals: readonly { readonly start: number; readonly end: number }[];
}

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
