// The events that are bound to one thread, whose lane is found when the thread has been given one; none with unbound
// association.

import { laneOf } from "../queue/lanes.ts";
import type { Handle, QueueHandleSet } from "../queue/queue-handle-set.ts";
import type { ModelThread } from "./pool-model.ts";

export class OwnHandles {
  readonly #thread: ModelThread;
  #handleSet: QueueHandleSet | undefined;

  constructor(thread: ModelThread) {
    this.#thread = thread;
  }

  select(): Handle | undefined {
    return this.#find()?.select(this.#thread.seat);
  }

  hasWork(): boolean {
    return this.#find()?.hasWork() === true;
  }

  #find(): QueueHandleSet | undefined {
    const { memory, seat, association, handleSetOf } = this.#thread;
    if (this.#handleSet !== undefined || association === "unbound") return this.#handleSet;
    const lane = laneOf(memory, seat);
    if (lane !== undefined) this.#handleSet = handleSetOf({ lanes: [lane] });
    return this.#handleSet;
  }
}
