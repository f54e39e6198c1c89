// How a pool is set up. Every key has a default; what is out of range is refused with a sentence by checkPoolOptions.

import type { Level } from "../recorder/recorder.ts";

export interface PoolOptions {
  readonly threads?: number;
  readonly promotion?: "lifo" | "fifo";
  readonly when?: "eager" | "on-demand";
  readonly queue?: "fifo" | "priority";
  readonly whenFull?: "wait" | "shed-newest";
  /** Events accepted and not yet settled, at most. */
  readonly capacity?: number;
  readonly concurrentEvents?: number;
  readonly retries?: number;
  /** Milliseconds that a turn may take; 0 for no deadline. */
  readonly handlerDeadline?: number;
  readonly level?: Level;
  readonly sharedBytes?: number;
  /** Bytes of all payloads and results in flight that are larger than 2 KiB each. */
  readonly payloadBytes?: number;
  readonly seed?: number;
  /** Script that each pool thread runs; the default is the one beside the pool's own file. */
  readonly threadScript?: URL;
}
