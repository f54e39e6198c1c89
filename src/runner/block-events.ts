// The events of blocks: the workload's, one block after the other, from its beginning again when it has ended. They are
// there before a block's clock starts, so that making them is nobody's time.

import type { WorkloadSource } from "../protocol/run-configuration.ts";
import type { EventRequest } from "../runtime/handler.ts";
import type { HandlerModule } from "../runtime/thread/handler-module.ts";
import { encodeClone } from "../runtime/payload/payload-codec.ts";
import { fromCloneBytes } from "../runtime/payload/structured-clone.ts";
import { eventWord, notSent, WorkloadError, workloadEvents } from "./workload-events.ts";

export class BlockEvents {
  readonly #source: WorkloadSource;
  readonly #module: HandlerModule;
  #events: AsyncGenerator<EventRequest> | undefined;
  /** Of the workload's events that are taken, since it began again. */
  #count = 0;

  constructor(source: WorkloadSource, module: HandlerModule) {
    this.#source = source;
    this.#module = module;
  }

  async next(count: number): Promise<readonly EventRequest[]> {
    const taken: EventRequest[] = [];
    let isFresh = false;
    while (taken.length < count) {
      if (this.#events === undefined) {
        this.#events = workloadEvents(this.#source, this.#module);
        this.#count = 0;
        isFresh = true;
      }
      const { value, done } = await this.#events.next();
      if (done !== true) {
        taken.push(this.#copied(value, ++this.#count));
        isFresh = false;
      } else if (isFresh) throw new WorkloadError("The workload gives no event.");
      else this.#events = undefined;
    }
    return taken;
  }

  /**
   * A workload may give the same object again with other contents; a submit reads it at once, a block does later. What can't be
   * sent ends the block: without it the two versions would not be given the same.
   */
  #copied({ payload, ...event }: EventRequest, count: number): EventRequest {
    try {
      return { ...event, payload: fromCloneBytes(encodeClone(payload)) };
    } catch (reason) {
      throw new WorkloadError(notSent(eventWord(this.#source), count, reason));
    }
  }
}
