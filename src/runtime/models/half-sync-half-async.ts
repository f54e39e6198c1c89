// Half-Sync/Half-Async (POSA2): a front thread alone waits for events and puts each into a queue, on which the threads wait
// that run the handlers. Two wake-ups for an event that meets a quiet pool, where Leader/Followers needs one; in return the
// queue is in one place, in its discipline's order, and no thread that handles events ever waits on their sources.
//
// The queue is the front thread's own rings: it has no events of its own. Its entries are hints as everywhere, so a death
// anywhere on the way leaves an event twice in rings, never in none.

import { callIdle } from "../promotion/call-follower.ts";
import { step } from "../../sync/step.ts";
import { leaderSpinNanos } from "../promotion/leader-wait.ts";
import { wakeSeat } from "../promotion/leadership.ts";
import { seatField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { Handle, QueueHandleSet } from "../queue/queue-handle-set.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import { isFull, openRing, pushEntry, type SubmissionRing } from "../memory/submission-ring.ts";
import { wakeSleepingLeader } from "../promotion/wake-leader.ts";
import { allSuspended } from "./all-suspended.ts";
import { awaitAsLeader } from "./await-as-leader.ts";
import type { ModelThread, PoolModel, ThreadSide } from "./pool-model.ts";
import { QueueThread } from "./queue-thread.ts";

export const halfSyncHalfAsync: PoolModel = {
  frontThreads: 1,
  laneForEachThread: false,
  hasMonitors: false,
  submitSide: ({ memory }) => ({
    laneOf: () => 0,
    published: () => wakeSleepingLeader(memory, 0),
    recovered: () => undefined,
  }),
  threadSide: (thread) =>
    thread.seat > thread.threads ? new FrontThread(thread) : syncThread(thread),
};

function syncThread(thread: ModelThread): ThreadSide {
  const { memory, threads, protocol, handleSetOf } = thread;
  const front = threads + 1;
  const queue = handleSetOf({ submitter: front });
  return new QueueThread({
    thread,
    queue: () => queue,
    taken: () => tellRoom(memory, front),
    left: () => {
      if (queue.hasWork()) callIdle(memory, protocol);
    },
    mayExceed: () => allSuspended(thread),
  });
}

/** Pairs with the front thread's store: it sets the flag, then looks for room; here room was made, then the flag is read. */
function tellRoom(memory: PoolMemory, front: number): void {
  const flag = memory.seat(front, seatField.awaitsRoom);
  step("load", "awaits-room", front);
  if (Atomics.load(memory.words, flag) === 0) return;
  step("exchange", "awaits-room", front);
  if (Atomics.exchange(memory.words, flag, 0) !== 0) wakeSeat(memory, front);
}

class FrontThread implements ThreadSide {
  readonly #thread: ModelThread;
  readonly #spin = new SpinBudget(leaderSpinNanos);
  readonly #incoming: QueueHandleSet;
  /** By priority, where the discipline goes by it. */
  readonly #queue: readonly SubmissionRing[];
  readonly #push: (entry: number, priority: number) => boolean;

  constructor(thread: ModelThread) {
    const { memory, seat, discipline, handleSetOf } = thread;
    this.#thread = thread;
    this.#incoming = handleSetOf({ notSubmitter: seat });
    this.#queue = Array.from({ length: memory.classes }, (_, each) =>
      openRing(memory, seat, 0, each),
    );
    this.#push = (entry, priority) => {
      const ring = this.#queue[discipline().byPriority ? priority : 0];
      return ring !== undefined && pushEntry(ring, entry);
    };
  }

  tryNext(): undefined {
    return undefined;
  }

  /** Hands events over until the pool stops; this thread never has one itself. */
  async next(): Promise<Handle | undefined> {
    this.#thread.role.enter("leader");
    return awaitAsLeader(
      this.#thread,
      this.#spin,
      () => this.#handOver(),
      () => this.#thread.stopped() || (this.#incoming.hasWork() && this.#hasRoom()),
    );
  }

  rejoin(): void {
    return undefined;
  }

  leave(): void {
    return undefined;
  }

  mayExceed(): boolean {
    return false;
  }

  #handOver(): undefined {
    const { memory, seat, protocol, stopped } = this.#thread;
    while (!stopped() && this.#incoming.passOn(this.#push)) callIdle(memory, protocol);
    if (this.#hasRoom()) return undefined;
    step("store", "awaits-room", seat);
    Atomics.store(memory.words, memory.seat(seat, seatField.awaitsRoom), 1);
    return undefined;
  }

  #hasRoom(): boolean {
    return !this.#queue.some(isFull);
  }
}
