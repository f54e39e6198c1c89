// What a submitter stands on: the pool's memory, its own number, and how it records and whom it wakes.

import type { Recorder } from "../../recorder/recorder.ts";
import type { SubmitSide } from "../models/pool-model.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { QueueDiscipline } from "../queue/queue-discipline.ts";
import type { QueueHandleSet } from "../queue/queue-handle-set.ts";
import type { WhenFull } from "../thread/thread-messages.ts";

export interface SubmitterSetup {
  readonly memory: PoolMemory;
  /** This submitter's number, which is its thread's index. */
  readonly index: number;
  readonly handlers: readonly string[];
  readonly handleSet: QueueHandleSet;
  readonly discipline: () => QueueDiscipline;
  readonly model: SubmitSide;
  readonly whenFull: WhenFull;
  readonly recorder: Recorder;
  /** Whether its thread may look for results again and again for a moment. Not a pool thread: it has events to run. */
  readonly spins: boolean;
  /** Called when results are awaited again, after a time in which none was. */
  readonly awaits?: (() => void) | undefined;
  currentTurn(): number;
  nowMicros(): number;
  /** Tells the pool's owner that the event of a slot was cancelled while its handler runs. */
  cancelled(slot: number): void;
}
