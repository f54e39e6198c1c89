// The same handlers and workload under each concurrency model: what was measured, side by side. Plain data for the terminal,
// `--json` and a view of the panel. Times in nanoseconds, shares from 0 to 1.

import type { ComparisonVerdict } from "./comparison.ts";
import type { ConcurrencyModelName } from "./run-configuration.ts";

/** A figure against Leader/Followers' in the same round, over all rounds: 0.12 is 12 % more of it. */
export interface ModelChange {
  readonly verdict: "better" | "worse" | "no-difference" | "could-not-tell";
  readonly estimate: number;
  /** Of the 98 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Medians over the rounds. */
export interface ModelRow {
  readonly model: ConcurrencyModelName;
  /** Threads that run handlers, and one that only hands over where the model has it. */
  readonly threads: number;
  /** Events a second, with as many in flight as the workload says. */
  readonly throughput: number;
  /** From the intended moment of a submit, at `openRate`. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the whole process for one event. */
  readonly cpuPerEvent: number;
  /** Threads that were woken to take an event over, for one event; the thread that waits at the event sources is none. */
  readonly handOffsPerEvent: number;
  /** Voluntary and forced, of the whole process, for one event. */
  readonly switchesPerEvent: number;
  /** Of the pool threads' time. */
  readonly lockWait: number;
  /** Of all events of all rounds. */
  readonly failed: number;
  /** Undefined for Leader/Followers itself. */
  readonly against:
    | {
        readonly throughput: ModelChange;
        /** Undefined where a block has too few events for it. */
        readonly p99: ModelChange | undefined;
      }
    | undefined;
  /** Handlers that gave other results than under Leader/Followers to the same events, beyond chance. */
  readonly differing: readonly string[];
  /** The one that fits this workload, as far as that could be told; none otherwise. */
  readonly fits: boolean;
  /** What was done differently for this model, "" for nothing. */
  readonly note: string;
  /** Path of the first round's trace, "" when traces were not kept. */
  readonly trace: string;
}

export interface ModelComparison {
  readonly version: 1;
  readonly module: string;
  readonly rounds: number;
  readonly eventsPerBlock: number;
  /** Events a second at which latency was measured: a part of what the slowest model can do. */
  readonly openRate: number;
  readonly rows: readonly ModelRow[];
  /** Which model fits and why, with its interval. */
  readonly sentence: string;
  /** Where Leader/Followers loses, and what to know of these figures. */
  readonly remarks: readonly string[];
}

/** What may be said of a figure against Leader/Followers'. */
export interface ModelVerdict {
  readonly verdict: ComparisonVerdict;
  /** "+10 % to +14 %", of the figure itself: a shorter time has a minus. */
  readonly interval: string;
}

/** A row as the panel shows it; texts are ready. */
export interface ModelTableRow {
  readonly model: ConcurrencyModelName;
  readonly name: string;
  /** What the model is for, in one sentence. */
  readonly purpose: string;
  readonly fits: boolean;
  readonly threads: string;
  readonly throughput: string;
  readonly p50: string;
  readonly p99: string;
  readonly cpuPerEvent: string;
  readonly handOffsPerEvent: string;
  readonly switchesPerEvent: string;
  readonly lockWait: string;
  /** Of events/s; undefined for Leader/Followers itself. */
  readonly against: ModelVerdict | undefined;
  /** Undefined where p99 is not compared, too. */
  readonly againstP99: ModelVerdict | undefined;
  /** What the person should know of this row before they choose it. Whole sentences. */
  readonly notes: readonly string[];
  /** Path of the first round's trace. */
  readonly trace: string;
}

export interface ModelTable {
  readonly version: 1;
  /** Absolute path of the handlers. */
  readonly module: string;
  /** Which model fits and why: to be shown first and by itself. */
  readonly sentence: string;
  readonly rows: readonly ModelTableRow[];
  /** How it was measured, and what the person should know before believing it. Whole sentences. */
  readonly remarks: readonly string[];
}
