// What a pool tells its owner while it runs, and what the collector needs of it to record.

import type { Level } from "../recorder/recorder.ts";
import type {
  HandlerRow,
  LockRow,
  SiteRow,
  SourceRow,
  ThreadRow,
  UnseenRow,
} from "../trace/tables.ts";

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
  /** Sites that the loader had not marked, in the order of their indexes, after the prepared ones. */
  sites(rows: readonly SiteRow[]): void;
  /** Locks that are not ours. */
  locks(rows: readonly LockRow[]): void;
  /** Of each thread that could not watch it. */
  unseen(row: UnseenRow): void;
  /** Handlers were replaced while the pool ran: rows behind those that the tables have. */
  replaced(rows: {
    readonly sources: readonly SourceRow[];
    readonly handlers: readonly HandlerRow[];
  }): void;
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
  readonly lockTable: {
    readonly offset: number;
    readonly capacity: number;
    readonly threads: number;
  };
}
