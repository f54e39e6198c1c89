// What the synchronizers of one thread share: the words, who the thread is, where it records. Runtime makes one per thread
// and hands it to every lock.

import type { Recorder } from "../recorder/recorder.ts";
import type { StateRow } from "../recorder/state-row.ts";
import type { HeldGuards } from "./held-guards.ts";
import type { LocalWaits } from "./local-waits.ts";

export interface SyncContext {
  /** The whole of the pool's Int32 memory; each lock knows its own offset in it. */
  readonly words: Int32Array;
  /** Index of this thread in the trace's thread table; owner words hold it plus one. */
  readonly thread: number;
  /** False on the supervising main thread, where a blocking acquire throws and says why. */
  readonly mayBlock: boolean;
  readonly recorder: Recorder;
  readonly stateRow: StateRow;
  /** What this thread's turns hold now; shared by all contexts of the thread. */
  readonly held: HeldGuards;
  /** What this thread's turns wait for now; shared by all contexts of the thread. */
  readonly waiting: LocalWaits;
  /** Number of the turn whose code asks; 0 for code of no turn, which is not one owner: its holds are its callers' to know. */
  currentTurn(): number;
  /** Site id that the loader's transform left for the call in progress, then cleared; 0 when it left none. */
  takeSite(): number;
  /** That id, or a better one that the call's stack gives: asked for when the call has to wait, as it takes microseconds. */
  siteWhenBlocked(site: number): number;
  /** Process time in nanoseconds (hrtime). */
  now(): bigint;
}
