// One plain event loop in one thread, as the control for the other models: it waits for events, starts each one's handler,
// and goes on to the next as soon as the handler returns or awaits. Nothing is shared, so nothing is ever waited for.

import { leaderSpinNanos } from "../promotion/leader-wait.ts";
import type { Handle } from "../queue/queue-handle-set.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import { wakeSleepingLeader } from "../promotion/wake-leader.ts";
import { awaitAsLeader } from "./await-as-leader.ts";
import type { ModelThread, PoolModel, ThreadSide } from "./pool-model.ts";
import { recordSelected } from "./record-selected.ts";

export const eventLoop: PoolModel = {
  frontThreads: 0,
  laneForEachThread: false,
  hasMonitors: false,
  submitSide: ({ memory }) => ({
    laneOf: () => 0,
    published: () => wakeSleepingLeader(memory, 0),
    recovered: () => undefined,
  }),
  threadSide: (thread) => new EventLoopThread(thread),
};

class EventLoopThread implements ThreadSide {
  readonly #thread: ModelThread;
  readonly #spin = new SpinBudget(leaderSpinNanos);

  constructor(thread: ModelThread) {
    this.#thread = thread;
  }

  tryNext(): Handle | undefined {
    const { handleSet, seat, role } = this.#thread;
    const handle = handleSet.select(seat);
    if (handle === undefined) return undefined;
    recordSelected(this.#thread, handle, 0);
    if (role.now !== "processing") role.enter("processing");
    return handle;
  }

  async next(): Promise<Handle | undefined> {
    const { handleSet, role, stopped } = this.#thread;
    role.enter("leader");
    return awaitAsLeader(
      this.#thread,
      this.#spin,
      () => this.tryNext(),
      () => stopped() || handleSet.hasWork(),
    );
  }

  rejoin(): void {
    return undefined;
  }

  leave(): void {
    return undefined;
  }

  /** Whatever its turns wait for, nobody else will do it. */
  mayExceed(): boolean {
    return true;
  }
}
