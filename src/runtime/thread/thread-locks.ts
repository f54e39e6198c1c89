// The named synchronizers as one pool thread uses them: one object a name, whichever of its turns asks. So they may be kept.

import type { Recorder } from "../../recorder/recorder.ts";
import type { StateRow } from "../../recorder/state-row.ts";
import { HeldGuards } from "../../sync/held-guards.ts";
import { LocalWaits } from "../../sync/local-waits.ts";
import type { SyncContext } from "../../sync/sync-context.ts";
import { Synchronizers } from "../../sync/synchronizers.ts";
import { lockTableOf, type PoolMemory } from "../memory/pool-memory.ts";
import type { CallSites } from "../watch/call-sites.ts";
import type { RunningTurn } from "./running-turn.ts";

export class ThreadLocks {
  readonly held: HeldGuards = new HeldGuards();
  readonly named: Synchronizers;

  constructor(
    memory: PoolMemory,
    thread: number,
    recorder: Recorder,
    stateRow: StateRow,
    sites: CallSites,
    running: RunningTurn,
  ) {
    const context: SyncContext = {
      words: memory.words,
      thread,
      mayBlock: true,
      recorder,
      stateRow,
      held: this.held,
      waiting: new LocalWaits(),
      currentTurn: () => running.asking,
      takeSite: () => sites.present(),
      siteWhenBlocked: (site) => sites.whenBlocked(site),
      now: process.hrtime.bigint,
    };
    this.named = new Synchronizers(lockTableOf(memory), context);
  }
}
