// What runtime and sync see of recording: one recorder a thread. Implementations: ring-recorder.ts (shared memory) and
// `silentRecorder`. Recording allocates nothing and never waits; what the ring loses is counted.

import type { EventKind } from "../trace/event-kind.ts";

/** Each level records what the ones before it record, and more. */
export const levels = ["off", "scheduling", "locks", "all"] as const;
export type Level = (typeof levels)[number];

export interface Recorder {
  /** What is recorded at all; constant for the recorder's life, so that the JIT folds the tests on it. */
  readonly scheduling: boolean;
  readonly locks: boolean;
  readonly all: boolean;
  /** Writes one event at the present moment. `code` is an event kind's code, see `codes`. */
  record(
    code: number,
    turn: number,
    small: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
  /** Writes one event at a moment taken earlier with `now`, such as a hold's start after its release. */
  recordAt(
    time: bigint,
    code: number,
    turn: number,
    small: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
}

/** Event kind to code, for callers on hot paths. */
export type Codes = Readonly<Record<EventKind, number>>;
