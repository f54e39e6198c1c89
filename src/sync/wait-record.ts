// One wait for a lock, as the trace tells it: its start (before the thread blocks), a segment each time the holder changes,
// and its end.

import { codes } from "../recorder/codes.ts";
import { waitOutcomes, type WaitOutcome } from "../trace/outcome.ts";
import type { SyncContext } from "./sync-context.ts";

export class WaitRecord {
  readonly #context: SyncContext;
  readonly #lock: number;
  readonly #site: number;
  readonly #turn: number;
  #acquisition = 0;
  #owner = -1;

  constructor(context: SyncContext, lock: number, site: number) {
    this.#context = context;
    this.#lock = lock;
    this.#site = site;
    this.#turn = context.currentTurn();
  }

  /** `owner` is what the failed compare-exchange returned, nothing read later; `since` the moment of that, by the context's clock. */
  start(since: bigint, owner: number, acquisition: number, waiters: number): void {
    this.#owner = owner;
    this.#acquisition = acquisition;
    const { recorder } = this.#context;
    if (!recorder.locks) return;
    recorder.recordAt(
      since,
      codes.lockWaitStarted,
      this.#turn,
      waiters,
      this.#lock,
      this.#site,
      owner + 1,
      acquisition,
    );
  }

  heldBy(owner: number, acquisition: number): void {
    if (owner === this.#owner && acquisition === this.#acquisition) return;
    this.#owner = owner;
    this.#acquisition = acquisition;
    const { recorder } = this.#context;
    if (!recorder.locks) return;
    recorder.record(codes.lockWaitSegment, this.#turn, 0, this.#lock, 0, owner + 1, acquisition);
  }

  /** `until` by the context's clock. */
  end(until: bigint, outcome: WaitOutcome): void {
    const { recorder } = this.#context;
    if (!recorder.locks) return;
    recorder.recordAt(
      until,
      codes.lockWaitEnded,
      this.#turn,
      waitOutcomes.indexOf(outcome),
      this.#lock,
      this.#site,
      this.#owner + 1,
      this.#acquisition,
    );
  }
}
