// The pool as users of the npm package see it. No imports but the package's own public types: it ships as text.

import type { Submit } from "./handler.ts";
import type { PoolOptions } from "./pool-options.ts";
import type { PoolState } from "./pool-state.ts";

export interface PoolCounts {
  readonly submitted: number;
  /** Events that have their outcome, whichever. */
  readonly settled: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly shed: number;
  /** Among `failed`: those in the file of dead letters. */
  readonly deadLettered: number;
}

export interface CloseOptions {
  /** "drain" lets what was accepted finish, "cancel" ends what has not started. Default "drain". */
  readonly pending?: "drain" | "cancel";
  /** Milliseconds, 0 or more, after which threads are ended by force. Default 10,000. */
  readonly withinMillis?: number;
}

export interface Pool {
  /** Event types that the module's handlers take. */
  readonly handlers: readonly string[];
  /** Settles with the handler's result, or rejects with its error. */
  readonly submit: Submit;
  readonly state: PoolState;
  counts(): PoolCounts;
  /**
   * Takes no more events, and resolves when every accepted one has its outcome and the threads are
   * gone. It is bounded whatever they do: threads whose handlers, `setup` or `teardown` have not
   * come to their end after `withinMillis` are ended by force, and what they had in hand fails. A
   * thread that can't even be ended, since it is inside a call of the system's such as `execSync`,
   * is left behind one second later, with a warning; it may keep the process until that call
   * returns. Called again, it can only go faster: the shorter time counts, and "cancel" before
   * "drain".
   *
   * A process that has nothing more to do ends without it, and `teardown` does not run then. What
   * it waits for: events that have not settled, sources that have not ended, and timers that events
   * left in their threads (`unref` takes one out).
   */
  close(options?: CloseOptions): Promise<void>;
}

export interface Utilisation {
  /** Shares, from 0 to 1, of the joined threads' time over the last ten seconds; together 1. */
  readonly leading: number;
  readonly processing: number;
  readonly following: number;
  /** The part of all of it that was spent waiting for locks. */
  readonly lockWait: number;
}

/** Of threads that were woken to lead, since the start. */
export interface HandOffFigures {
  readonly count: number;
  readonly meanMicros: number;
  /** Off by an eighth at most. */
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly worstMicros: number;
}

/** From a thread's loss until another has joined for it. */
export interface RecoveryFigures {
  readonly count: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}

export interface ThreadFigures {
  readonly wanted: number;
  readonly joined: number;
  readonly spare: number;
  /** Told to end, not gone yet. */
  readonly dying: number;
}

export interface PoolStats {
  readonly state: PoolState;
  readonly threads: ThreadFigures;
  /** `delayMillis` is how long the event has waited that goes next. */
  readonly queue: { readonly depth: number; readonly delayMillis: number };
  readonly counts: PoolCounts;
  readonly utilisation: Utilisation;
  readonly handOff: HandOffFigures;
  /** Threads that died or were given up. */
  readonly lost: number;
  readonly recovery: RecoveryFigures;
}

/** What may change while a pool runs; what is left out stays as it is. */
export type PoolChanges = Pick<PoolOptions, "queue" | "promotion" | "when" | "threads">;

/** A pool in this process. */
export interface LocalPool extends Pool {
  /** The first call begins to look at the threads 50 times a second, from the main thread. */
  stats(): PoolStats;
  /** Of the endpoint for figures, when option `metrics` asks for one. */
  readonly metricsPort: number | undefined;
  /** The number of threads from now on, from 1 to `maxThreads`. Threads that are too many finish their turns first. */
  resize(threads: number): void;
  /**
   * Takes effect at once, for events that wait too: their order is the new discipline's. A handler that runs under when "late" leads
   * until it ends. Throws a RangeError, and changes nothing, when one of the changes is not allowed.
   */
  configure(changes: PoolChanges): void;
  /**
   * Once this resolves every event that starts runs the handlers as `module` (by default the same file again) has them now;
   * what runs by then ends on those that it began with. Rejects when it can't be loaded: then nothing has changed.
   */
  replaceHandlers(module?: string | URL): Promise<void>;
}
