// What becomes of the events that a thread had in its hands when it was lost: those that may run again are queued, the others fail
// and are told to the pool's owner. Asked by the supervisor, on the main thread.

import type { PlainError } from "../payload/error-transfer.ts";
import type { PoolCore } from "../pool-core.ts";
import { queueAgain, queueAllAgain } from "../recovery/queue-again.ts";
import { fence, recover, type FailedEvent } from "../recovery/recover.ts";
import { recoveryOf } from "../recovery/recovery-of.ts";
import type { Seat } from "./pool-seat.ts";

export class LostEvents {
  readonly #core: PoolCore;
  readonly #handlers: readonly string[];
  readonly #elsewhere: (slot: number) => void;

  /** `handlers` is the pool's list, which grows. `elsewhere` takes a slot for which its own thread's rings have no room. */
  constructor(core: PoolCore, handlers: readonly string[], elsewhere: (slot: number) => void) {
    this.#core = core;
    this.#handlers = handlers;
    this.#elsewhere = elsewhere;
  }

  /** Of a thread that was told to end and is not gone yet: it may still touch the shared memory. */
  fence({ index }: Seat, reason: PlainError): readonly FailedEvent[] {
    return fence(index, recoveryOf(this.#core, this.#handlers, this.#elsewhere, reason));
  }

  /** Of a thread that does not end: no event of it waits for that, or runs again. */
  abandon({ index }: Seat, reason: PlainError): void {
    const recovery = recoveryOf(this.#core, this.#handlers, this.#elsewhere, reason);
    fence(index, { ...recovery, retries: 0 });
  }

  /** Of a thread that is gone, whose locks pass on too. */
  recover({ index, duty }: Seat, reason: PlainError): readonly FailedEvent[] {
    const { memory } = this.#core;
    const again = queueAgain(this.#core, index, this.#elsewhere);
    const recovery = recoveryOf(this.#core, this.#handlers, again, reason);
    const { failedEvents } = recover(index, recovery);
    if (duty === "dying" && memory.exclusiveKeys) queueAllAgain(memory, again);
    return failedEvents;
  }

  tell({ index }: Seat, failed: readonly FailedEvent[], reason: PlainError): void {
    const { name, message, stack } = reason;
    const thread = `thread ${index}`;
    for (const { event, handler } of failed) {
      const type = this.#handlers[handler] ?? "";
      this.#core.observer.failure({ event, type, thread, name, message, stack });
    }
  }
}
