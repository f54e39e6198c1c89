// What one thread knows of its own turns that wait, lock by lock; shared by all contexts of the thread.

import type { LocalQueue } from "./fair-strategy.ts";
import type { LocalWaiters } from "./thread-grants.ts";

export class LocalWaits {
  readonly #queues = new Map<number, LocalQueue>();
  readonly #waiters = new Map<number, LocalWaiters>();

  queue(lock: number): LocalQueue {
    return getOrMake(this.#queues, lock, () => ({
      tickets: [],
      blocked: false,
      passOn: () => undefined,
    }));
  }

  /** Called when the thread is about to block on `lock`, after it has shown that. */
  passOn(lock: number): void {
    for (const [each, queue] of this.#queues) {
      if (each !== lock && queue.tickets.length > 0) queue.passOn();
    }
  }

  waiters(lock: number): LocalWaiters {
    return getOrMake(this.#waiters, lock, () => ({ count: 0 }));
  }
}

function getOrMake<T>(map: Map<number, T>, key: number, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
