// The events of blocks: the workload's, one block after the other, from its beginning again when it has ended. They are
// there before a block's clock starts, so that making them is nobody's time.

import type { WorkloadSource } from "../protocol/run-configuration.ts";
import type { EventRequest } from "../runtime/handler.ts";
import type { HandlerModule } from "../runtime/thread/handler-module.ts";
import { WorkloadError, workloadEvents } from "./workload-events.ts";

export class BlockEvents {
  readonly #source: WorkloadSource;
  readonly #module: HandlerModule;
  #events: AsyncGenerator<EventRequest> | undefined;

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
        isFresh = true;
      }
      const { value, done } = await this.#events.next();
      if (done !== true) {
        taken.push(copied(value));
        isFresh = false;
      } else if (isFresh) throw new WorkloadError("The workload gives no event.");
      else this.#events = undefined;
    }
    return taken;
  }
}

/** A workload may give the same object again with other contents; a submit reads it at once, a block does later. */
function copied(event: EventRequest): EventRequest {
  try {
    return structuredClone(event);
  } catch {
    // It holds what no thread can be given: its submit says so.
    return event;
  }
}
