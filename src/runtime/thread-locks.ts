// The named locks as one pool thread uses them: one Mutex a name, or one a turn where several turns run at once.

import type { Recorder } from "../recorder/recorder.ts";
import type { StateRow } from "../recorder/state-row.ts";
import { HeldGuards } from "../sync/held-guards.ts";
import { LockTable } from "../sync/lock-table.ts";
import { Mutex } from "../sync/mutex.ts";
import type { SyncContext } from "../sync/sync-context.ts";
import { takeSite } from "./loader/site-holder.ts";
import type { PoolMemory } from "./pool-memory.ts";

export class ThreadLocks {
  readonly held: HeldGuards = new HeldGuards();
  readonly #table: LockTable;
  readonly #context: SyncContext;
  readonly #named = new Map<string, Mutex>();

  constructor(
    memory: PoolMemory,
    thread: number,
    recorder: Recorder,
    stateRow: StateRow,
    currentTurn: () => number,
  ) {
    this.#table = new LockTable(memory.words, memory.lockTableOffset, memory.lockCapacity);
    this.#context = {
      words: memory.words,
      thread,
      mayBlock: true,
      recorder,
      stateRow,
      held: this.held,
      currentTurn,
      takeSite,
      now: process.hrtime.bigint,
    };
  }

  named(name: string): Mutex {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const mutex = new Mutex(this.#table, this.#table.indexOf(name), this.#context);
    this.#named.set(name, mutex);
    return mutex;
  }

  ofTurn(name: string, turn: number): Mutex {
    const context = { ...this.#context, currentTurn: () => turn };
    return new Mutex(this.#table, this.#table.indexOf(name), context);
  }
}
