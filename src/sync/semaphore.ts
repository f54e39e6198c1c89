// A number of permits, acquired and given back like locks. Not robust: see semaphore-strategy.ts.

import { codes } from "../recorder/codes.ts";
import type { Guard } from "./guard.ts";
import { lockField, type LockTable } from "./lock-table.ts";
import { ScopedLock } from "./scoped-lock.ts";
import { SemaphoreStrategy } from "./semaphore-strategy.ts";
import type { SyncContext } from "./sync-context.ts";

export class Semaphore {
  readonly #scoped: ScopedLock;
  readonly #table: LockTable;
  readonly #lock: number;

  constructor(table: LockTable, lock: number, context: SyncContext) {
    const changed = (permits: number): void => {
      const { recorder } = context;
      if (recorder.all) {
        recorder.record(codes.semaphoreChanged, context.currentTurn(), 0, lock, 0, permits, 0);
      }
    };
    this.#table = table;
    this.#lock = lock;
    const strategy = new SemaphoreStrategy(table, lock, context.thread, changed);
    this.#scoped = new ScopedLock(table, lock, context, strategy);
  }

  /** Permits that are free now. */
  get permits(): number {
    return this.#table.words[this.#table.field(this.#lock, lockField.word)] ?? 0;
  }

  acquire(timeoutMillis?: number): Guard {
    return this.#scoped.acquire(timeoutMillis);
  }

  acquireAsync(timeoutMillis?: number): Promise<Guard> {
    return this.#scoped.acquireAsync(timeoutMillis);
  }

  tryAcquire(): Guard | undefined {
    return this.#scoped.tryAcquire();
  }

  run<T>(body: () => T): T {
    return this.#scoped.run(body);
  }
}
