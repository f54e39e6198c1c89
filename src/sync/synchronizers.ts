// From a name to the synchronizer of that name, as one turn of one thread uses it.

import { Barrier } from "./barrier.ts";
import { Condition } from "./condition.ts";
import { FairStrategy } from "./fair-strategy.ts";
import type { LockStrategy } from "./lock-strategy.ts";
import type { LockTable } from "./lock-table.ts";
import { MutexStrategy } from "./mutex-strategy.ts";
import { OwnerWord } from "./owner-word.ts";
import { ReadStrategy } from "./read-strategy.ts";
import { ScopedLock } from "./scoped-lock.ts";
import { Semaphore } from "./semaphore.ts";
import { StripedLock } from "./striped-lock.ts";
import type { SyncContext } from "./sync-context.ts";
import { ThreadGrants } from "./thread-grants.ts";
import { WriteStrategy } from "./write-strategy.ts";

export interface LockOptions {
  readonly fair?: boolean;
}

export interface RwLock {
  readonly read: ScopedLock;
  readonly write: ScopedLock;
}

export class Synchronizers {
  readonly #table: LockTable;
  readonly #context: SyncContext;
  /** By kind and name: handlers ask by name at every event. */
  readonly #known = new Map<string, object>();

  constructor(table: LockTable, context: SyncContext) {
    this.#table = table;
    this.#context = context;
  }

  mutex(name: string, options?: LockOptions): ScopedLock {
    if (options !== undefined) return this.#makeMutex(name, options);
    return this.#once(`mutex ${name}`, () => this.#makeMutex(name, options));
  }

  #makeMutex(name: string, options: LockOptions | undefined): ScopedLock {
    const lock = this.#table.indexOf(name, { kind: "mutex", ...fairness(options) });
    return this.#scoped(lock, this.#exclusive(this.#word(lock)));
  }

  rwLock(name: string, options?: LockOptions): RwLock {
    if (options !== undefined) return this.#makeRwLock(name, options);
    return this.#once(`rwlock ${name}`, () => this.#makeRwLock(name, options));
  }

  #makeRwLock(name: string, options: LockOptions | undefined): RwLock {
    const lock = this.#table.indexOf(name, { kind: "rwlock", ...fairness(options) });
    const { thread, waiting } = this.#context;
    const grants = new ThreadGrants(this.#table, lock, thread, waiting.waiters(lock));
    const word = this.#word(lock);
    return {
      read: this.#scoped(lock, new ReadStrategy(word, grants)),
      write: this.#scoped(lock, new WriteStrategy(word, this.#exclusive(word))),
    };
  }

  semaphore(name: string, permits: number): Semaphore {
    return this.#once(`semaphore ${permits} ${name}`, () => {
      const setting = whole("permits", name, permits);
      const setup = { kind: "semaphore", setting, word: setting } as const;
      return new Semaphore(this.#table, this.#table.indexOf(name, setup), this.#context);
    });
  }

  condition(name: string): Condition {
    return this.#once(`condition ${name}`, () => {
      const lock = this.#table.indexOf(name, { kind: "condition" });
      return new Condition(this.#table, lock, this.#context);
    });
  }

  barrier(name: string, parties: number): Barrier {
    return this.#once(`barrier ${parties} ${name}`, () => {
      const setting = whole("parties", name, parties);
      const lock = this.#table.indexOf(name, { kind: "barrier", setting });
      return new Barrier(this.#table, lock, this.#context);
    });
  }

  striped(name: string, stripes: number): StripedLock {
    return this.#once(`striped ${stripes} ${name}`, () => {
      const count = whole("stripes", name, stripes);
      return new StripedLock(count, (stripe) => this.mutex(`${name}#${stripe}`));
    });
  }

  #once<T extends object>(key: string, make: () => T): T {
    const known = this.#known.get(key);
    // The key names the kind, so what stands under it was made by the same function.
    if (known !== undefined) return known as T;
    const made = make();
    this.#known.set(key, made);
    return made;
  }

  #word(lock: number): OwnerWord {
    return new OwnerWord(this.#table, lock, this.#context.thread);
  }

  #exclusive(word: OwnerWord): LockStrategy {
    const isFair = this.#table.settingOf(word.lock) === 1;
    return isFair
      ? new FairStrategy(word, this.#context.waiting.queue(word.lock))
      : new MutexStrategy(word);
  }

  #scoped(lock: number, strategy: LockStrategy): ScopedLock {
    return new ScopedLock(this.#table, lock, this.#context, strategy);
  }
}

/** Without the option: as whoever was first made the lock. */
function fairness(options: LockOptions | undefined): { readonly setting?: number } {
  return options?.fair === undefined ? {} : { setting: Number(options.fair) };
}

const most = 1000;

function whole(what: string, name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new RangeError(
    `"${name}": ${String(value)} ${what} are not allowed; give a whole number from 1 to ${most}.`,
  );
}
