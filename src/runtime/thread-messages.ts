// What the supervisor and a pool thread tell each other. Events and their results do not come this way: they are in
// shared memory.

import type { LoadProblem } from "./loader/load-problem.ts";
import type { PreparedModule } from "./loader/prepared-module.ts";
import type { PoolMemoryParts } from "./pool-memory.ts";
import type { PlainError } from "./error-transfer.ts";
import type { Level } from "../recorder/recorder.ts";

/** The part of the options that every thread needs; all defaults filled in. */
export interface ThreadOptions {
  readonly promotion: "lifo" | "fifo";
  readonly when: "eager" | "on-demand";
  readonly queue: "fifo" | "priority";
  readonly whenFull: "wait" | "shed-newest";
  readonly concurrentEvents: number;
  readonly level: Level;
  readonly seed: number;
}

/** workerData of a pool thread. */
export interface ThreadStart {
  readonly seat: number;
  readonly name: string;
  readonly parts: PoolMemoryParts;
  readonly ring: SharedArrayBuffer;
  readonly prepared: PreparedModule;
  readonly options: ThreadOptions;
  /** hrtime of the pool's start, decimal. */
  readonly startNanos: string;
}

export type FromThread =
  | { readonly kind: "loaded"; readonly handlers: readonly string[]; readonly osThreadId: number }
  | { readonly kind: "refused"; readonly problem: LoadProblem }
  | { readonly kind: "setup-failed"; readonly error: PlainError }
  | {
      readonly kind: "failure";
      readonly event: number;
      readonly type: string;
      readonly error: PlainError;
    }
  | { readonly kind: "string"; readonly id: number; readonly text: string }
  | { readonly kind: "abort"; readonly slot: number; readonly seat: number }
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "warning"; readonly text: string };

export type ToThread = { readonly kind: "abort"; readonly slot: number };
