// What a pool tells its owner while it runs, and what the collector needs of it to record.

import type { Level } from "../recorder/recorder.ts";
import type { ThreadRow } from "../trace/tables.ts";

export interface HandlerFailure {
  readonly event: number;
  readonly type: string;
  readonly thread: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export interface PoolObserver {
  thread(row: ThreadRow): void;
  /** In the order of their indexes. */
  strings(rows: readonly string[]): void;
  failure(failure: HandlerFailure): void;
  output(line: {
    readonly thread: string;
    readonly stream: "stdout" | "stderr";
    readonly text: string;
  }): void;
  warning(message: string): void;
  /** The pool can't go on: its threads die faster than they can be replaced. */
  broken(message: string): void;
}

/** What the collector reads. */
export interface PoolRecording {
  readonly level: Level;
  /** By trace thread index: 0 main, 1..N the pool's seats, N+1 the workload thread. */
  readonly rings: readonly SharedArrayBuffer[];
  readonly words: SharedArrayBuffer;
  readonly stateRowOffsets: readonly number[];
  readonly lockTable: { readonly offset: number; readonly capacity: number };
}
