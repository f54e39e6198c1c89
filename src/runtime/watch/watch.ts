// What one pool thread sees beyond the pool's own locks: blocking calls, raw waits, locks of other libraries. The parts in
// this folder share it. It exists before the handlers are loaded, so that what they import is wrapped already.

import type { Recorder } from "../../recorder/recorder.ts";
import type { StateRow } from "../../recorder/state-row.ts";
import { hot } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";
import type { FromThread } from "../thread/thread-messages.ts";
import { CallSites } from "./call-sites.ts";
import { SharedIds } from "./shared-ids.ts";
import type { TellUnseen } from "./unseen.ts";

/** Numbers of locks that are not ours begin here, above those of the pool's lock table. */
const firstForeignLock: number = 2 ** 16;

export interface Watch {
  readonly recorder: Recorder;
  readonly stateRow: StateRow;
  readonly thread: number;
  readonly ids: SharedIds;
  readonly sites: CallSites;
  /** 0 outside a turn, where nothing is watched. */
  currentTurn(): number;
  internString(text: string): number;
  /** Index in events of a lock that is not ours; `number` counts them from 0. */
  lockOf(number: number): number;
  /** The same, and tells its name: once for each lock. */
  nameLock(number: number, name: string): number;
  /** A lock that only this thread has. */
  newLock(name: string): number;
  /** Process time in nanoseconds (hrtime). */
  now(): bigint;
  readonly tellUnseen: TellUnseen;
}

export interface WatchSetup {
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly stateRow: StateRow;
  readonly thread: number;
  readonly prepared: PreparedModule;
  currentTurn(): number;
  internString(text: string): number;
  tell(message: FromThread): void;
  readonly tellUnseen: TellUnseen;
}

function lockOf(number: number): number {
  return firstForeignLock + number;
}

export function makeWatch(setup: WatchSetup): Watch {
  const { memory, prepared, tell, tellUnseen, recorder, stateRow, thread } = setup;
  const ids = new SharedIds(memory.words, memory.sharedIdsOffset);
  const sites = new CallSites({
    prepared,
    ids,
    counter: hot.nextSite,
    added: (id, row) => tell({ kind: "site", id, row }),
    tellUnseen,
  });
  const nameLock = (number: number, name: string): number => {
    const index = lockOf(number);
    tell({ kind: "lock", row: { index, name, kind: "foreign" } });
    return index;
  };
  return {
    recorder,
    stateRow,
    thread,
    ids,
    sites,
    currentTurn: setup.currentTurn,
    internString: setup.internString,
    lockOf,
    nameLock,
    newLock: (name) => nameLock(Atomics.add(memory.words, hot.nextForeignLock, 1), name),
    now: process.hrtime.bigint,
    tellUnseen,
  };
}
