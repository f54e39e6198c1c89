// What a submitter stands on: the pool's memory, its own number, and how it records and promotes.

import type { Recorder } from "../recorder/recorder.ts";
import type { PoolMemory } from "./pool-memory.ts";
import type { PromotionProtocol } from "./promotion/which-follower.ts";
import type { QueueHandleSet } from "./queue-handle-set.ts";

export interface SubmitterSetup {
  readonly memory: PoolMemory;
  /** This submitter's number, which is its thread's index. */
  readonly index: number;
  readonly handlers: readonly string[];
  readonly handleSet: QueueHandleSet;
  readonly byPriority: boolean;
  readonly protocol: PromotionProtocol;
  readonly whenFull: "wait" | "shed-newest";
  readonly recorder: Recorder;
  currentTurn(): number;
  nowMicros(): number;
  /** Tells the thread that runs a slot's handler that its event was cancelled. */
  abortRunning(slot: number, seat: number): void;
}
