// The named synchronizers as one pool thread uses them: one object a name, or one a turn where several turns run at once.

import type { Recorder } from "../../recorder/recorder.ts";
import type { StateRow } from "../../recorder/state-row.ts";
import { HeldGuards } from "../../sync/held-guards.ts";
import { LocalWaits } from "../../sync/local-waits.ts";
import type { SyncContext } from "../../sync/sync-context.ts";
import { Synchronizers } from "../../sync/synchronizers.ts";
import type { LockTable } from "../../sync/lock-table.ts";
import { lockTableOf, type PoolMemory } from "../memory/pool-memory.ts";
import type { CallSites } from "../watch/call-sites.ts";

export class ThreadLocks {
  readonly held: HeldGuards = new HeldGuards();
  readonly ofThread: Synchronizers;
  readonly #table: LockTable;
  readonly #context: SyncContext;

  constructor(
    memory: PoolMemory,
    thread: number,
    recorder: Recorder,
    stateRow: StateRow,
    sites: CallSites,
    currentTurn: () => number,
  ) {
    this.#table = lockTableOf(memory);
    this.#context = {
      words: memory.words,
      thread,
      mayBlock: true,
      recorder,
      stateRow,
      held: this.held,
      waiting: new LocalWaits(),
      currentTurn,
      takeSite: () => sites.present(),
      siteWhenBlocked: (site) => sites.whenBlocked(site),
      now: process.hrtime.bigint,
    };
    this.ofThread = new Synchronizers(this.#table, this.#context);
  }

  ofTurn(turn: number): Synchronizers {
    return new Synchronizers(this.#table, { ...this.#context, currentTurn: () => turn });
  }
}
