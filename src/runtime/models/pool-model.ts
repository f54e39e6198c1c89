// A concurrency model: how the threads of one pool share its events. Handlers, slots, payloads, turns, locks and recording
// are the same in all of them; a model says which ring an event goes to, who is woken for it, and how a thread comes by its
// next event. One file each beside this one; model-named.ts is the table of them.

import type { Recorder } from "../../recorder/recorder.ts";
import type { Association } from "./association.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { PromotionMoment } from "../promotion/when.ts";
import type { PromotionProtocol } from "../promotion/which-follower.ts";
import type { QueueDiscipline } from "../queue/queue-discipline.ts";
import type { Handle, QueueHandleSet, RingsOf } from "../queue/queue-handle-set.ts";
import type { ThreadIdle } from "../thread/thread-idle.ts";
import type { ThreadRole } from "../thread/thread-role.ts";

/** The part of a model that each submitter has: main, the workload, and every pool thread. */
export interface SubmitSide {
  /** Which of the submitter's lanes an event goes to, from 0. `object` is as in slotField.object. */
  laneOf(object: number): number;
  /** Called once the event is in its lane's ring: somebody must look at it. */
  published(lane: number): void;
  /** Called by the supervisor after a death, when recover.ts has freed what the thread held. */
  recovered(): void;
}

/** What a submit side stands on. */
export interface SubmitParts {
  readonly memory: PoolMemory;
  readonly protocol: PromotionProtocol;
  readonly moment: PromotionMoment;
  /** All events that wait, whoever submitted them. */
  readonly handleSet: QueueHandleSet;
  readonly association: Association;
  readonly recorder: Recorder;
  handleSetOf(rings: RingsOf): QueueHandleSet;
  currentTurn(): number;
  nowMicros(): number;
}

/** The part of a model that each pool thread has. */
export interface ThreadSide {
  /** The next event, claimed for this thread, when one can be had without waiting. */
  tryNext(): Handle | undefined;
  /** Waits for the next event, claimed for this thread. Undefined when the pool stops. */
  next(): Promise<Handle | undefined>;
  /** After the event that was taken last has settled or was suspended, before its submitter is told. */
  rejoin(): void;
  /** After a turn has settled that had been suspended: it may have freed its key. */
  settled?(): void;
  /** The thread takes no more events. */
  leave(): void;
  /**
   * Asked when all of this thread's turns wait for events that it submitted itself: may it take one beyond its limit, so that
   * the pool does not wait for itself?
   */
  mayExceed(): boolean;
}

/** What a thread side stands on. */
export interface ModelThread {
  readonly memory: PoolMemory;
  readonly seat: number;
  /** Threads that run handlers: seats 1 to this. */
  readonly threads: number;
  readonly protocol: PromotionProtocol;
  readonly moment: PromotionMoment;
  readonly recorder: Recorder;
  readonly idle: ThreadIdle;
  readonly role: ThreadRole;
  /** All events that wait, whoever submitted them. */
  readonly handleSet: QueueHandleSet;
  readonly discipline: () => QueueDiscipline;
  readonly association: Association;
  handleSetOf(rings: RingsOf): QueueHandleSet;
  nowMicros(): number;
  stopped(): boolean;
  /** Whether turns or submissions of this thread need its event loop. */
  keepsLoop(): boolean;
  /** Whether it has nearly as many turns as it may have at once. */
  isLoaded(): boolean;
}

export interface PoolModel {
  /** Threads beside those that run handlers, in the seats after theirs. */
  readonly frontThreads: 0 | 1;
  /** Each thread has a queue of its own at each submitter; else all share one. */
  readonly laneForEachThread: boolean;
  /** A handler runs while its thread holds the lock of the event's object. */
  readonly hasMonitors: boolean;
  submitSide(parts: SubmitParts): SubmitSide;
  threadSide(thread: ModelThread): ThreadSide;
}
