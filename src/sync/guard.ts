// Proof that a lock is held; releasing it gives the lock back. Made by the lock that was acquired.

import { codes } from "../recorder/codes.ts";
import type { SyncContext } from "./sync-context.ts";

export interface Hold {
  readonly lock: number;
  readonly name: string;
  readonly site: number;
  readonly turn: number;
  readonly acquisition: number;
  /** Thread that died while it held the lock, -1 for none. */
  readonly abandonedBy: number;
  /** Whether this acquire had to wait. */
  readonly contended: boolean;
}

/** At level "locks" a hold that nobody waited for is recorded only when it lasted longer. */
const longHoldNanos = 100_000n;

export class Guard {
  readonly #context: SyncContext;
  readonly #hold: Hold;
  readonly #giveBack: () => boolean;
  readonly #since: bigint;
  #released = false;

  constructor(context: SyncContext, hold: Hold, giveBack: () => boolean) {
    this.#context = context;
    this.#hold = hold;
    this.#giveBack = giveBack;
    const { recorder, stateRow } = context;
    this.#recordOrder();
    context.held.add(this);
    this.#since = recorder.locks ? context.now() : 0n;
    if (recorder.locks) stateRow.hold(hold.lock, hold.site, hold.acquisition);
  }

  /** Whether the lock was taken over from a thread that died: what it guards may be half changed. */
  get abandoned(): boolean {
    return this.#hold.abandonedBy >= 0;
  }

  get released(): boolean {
    return this.#released;
  }

  get turn(): number {
    return this.#hold.turn;
  }

  get lock(): number {
    return this.#hold.lock;
  }

  get name(): string {
    return this.#hold.name;
  }

  get site(): number {
    return this.#hold.site;
  }

  /** Throws when it was released before. */
  release(): void {
    if (this.#released) throw new Error(`Lock "${this.#hold.name}" was released twice.`);
    this.#released = true;
    const { recorder, stateRow, held } = this.#context;
    held.delete(this);
    const until = recorder.locks ? this.#context.now() : 0n;
    const wasWanted = this.#giveBack();
    if (!recorder.locks) return;
    stateRow.letGo(this.#hold.lock);
    // Written after the release, so that recording never lengthens a hold.
    const matters = wasWanted || this.#hold.contended || until - this.#since >= longHoldNanos;
    if (matters || recorder.all) this.#record(until);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #record(until: bigint): void {
    const { recorder } = this.#context;
    const { turn, lock, site, acquisition, abandonedBy } = this.#hold;
    if (this.abandoned) {
      recorder.recordAt(
        this.#since,
        codes.lockAbandoned,
        turn,
        0,
        lock,
        0,
        abandonedBy + 1,
        acquisition,
      );
    }
    recorder.recordAt(this.#since, codes.lockAcquired, turn, 0, lock, site, 0, acquisition);
    recorder.recordAt(until, codes.lockReleased, turn, 0, lock, site, 0, acquisition);
  }

  #recordOrder(): void {
    const { recorder, held } = this.#context;
    if (!recorder.locks || held.size === 0) return;
    const { lock, site, turn } = this.#hold;
    for (const other of held.all()) {
      if (held.isNewOrder(other.lock, lock)) {
        recorder.record(codes.lockOrderEdge, turn, 0, other.lock, other.site, lock, site);
      }
    }
  }
}
