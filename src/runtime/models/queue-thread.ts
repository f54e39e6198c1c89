// A thread that takes events from a queue and sleeps beside it while it is empty: the thread side of every model in which
// whoever puts an event into a queue also wakes the thread for it. Sleep is: mark myself idle, look again, wait. While the
// mark is not set nobody can call this thread, so a call always means an event that it has not looked for yet.

import { claimIdle, setIdle } from "../promotion/leadership.ts";
import type { Handle, QueueHandleSet } from "../queue/queue-handle-set.ts";
import type { ModelThread, ThreadSide } from "./pool-model.ts";
import { recordSelected } from "./record-selected.ts";

export interface QueueThreadSetup {
  readonly thread: ModelThread;
  /** Asked until it gives one, at the first when the thread joins. */
  queue(): QueueHandleSet | undefined;
  /** Called after the queue was looked at, and entries taken off it. */
  taken(): void;
  /** Called when this thread takes no more events: somebody else is to look at those that wait. */
  left(): void;
  mayExceed(): boolean;
}

export class QueueThread implements ThreadSide {
  readonly #setup: QueueThreadSetup;
  #queue: QueueHandleSet | undefined;
  readonly mayExceed: () => boolean;

  constructor(setup: QueueThreadSetup) {
    this.#setup = setup;
    this.mayExceed = setup.mayExceed;
  }

  tryNext(): Handle | undefined {
    const { thread, taken } = this.#setup;
    this.#queue ??= this.#setup.queue();
    const handle = this.#queue?.select(thread.seat);
    // Also when only stale entries were there: they have made room.
    taken();
    if (handle === undefined) return undefined;
    recordSelected(thread, handle, 0);
    if (thread.role.now !== "processing") thread.role.enter("processing");
    return handle;
  }

  async next(): Promise<Handle | undefined> {
    const { thread } = this.#setup;
    const { memory, seat, idle, role, stopped, keepsLoop } = thread;
    for (;;) {
      if (stopped()) return undefined;
      const handle = this.tryNext();
      if (handle !== undefined) return handle;
      // Before it is idle, and may be called: a person's code may run in it for long.
      const atLoop = await idle.turnBeforeWait(keepsLoop);
      const seen = idle.wakeWord();
      if (stopped()) return undefined;
      if (role.now !== "follower") role.enter("follower");
      setIdle(memory, seat, atLoop);
      // Pairs with the callers of claimIdle, who put their event into the queue first: one of the two sees the other.
      if (this.#queue?.hasWork() === true && claimIdle(memory, seat)) continue;
      await idle.sleep(seen, atLoop);
      // Woken without a call, as after another thread's death: the mark stands still.
      claimIdle(memory, seat);
    }
  }

  rejoin(): void {
    return undefined;
  }

  leave(): void {
    // It may have been called for an event that waits, while others sleep.
    this.#setup.left();
  }
}
