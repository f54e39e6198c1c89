// Proof that a lock is held; releasing it gives the lock back. Made by the lock that was acquired.

import { codes } from "../recorder/codes.ts";
import { lockModes } from "../trace/outcome.ts";
import type { SyncContext } from "./sync-context.ts";
import type { WaitRecord } from "./wait-record.ts";

export interface Hold {
  readonly lock: number;
  readonly name: string;
  readonly site: number;
  readonly turn: number;
  readonly acquisition: number;
  /** Thread that died while it held the lock, -1 for none. */
  readonly abandonedBy: number;
  /** The wait that this acquire began with, not yet ended: its guard ends it. */
  readonly waited: WaitRecord | undefined;
  readonly shared: boolean;
  /** False for permits, which belong to nobody. */
  readonly owned: boolean;
}

/** The lock behind a guard. */
export interface GuardedLock {
  /** True when somebody waited. */
  release(): boolean;
  /** For the turn that had it. */
  regain(site: number, turn: number): Hold;
  /** `begin` is called in the very step that takes the lock. */
  regainAsync(site: number, turn: number, begin: (hold: Hold) => void): Promise<void>;
}

/** `lost`: let go for a condition's wait and not got back, or taken back when its turn settled. */
type GuardState = "held" | "released" | "waiting" | "lost";

/** At level "locks" a hold that nobody waited for is recorded only when it lasted longer. */
const longHoldNanos = 100_000n;

export class Guard {
  readonly #context: SyncContext;
  readonly #lock: GuardedLock;
  #hold: Hold;
  #since = 0n;
  #state: GuardState = "held";

  constructor(context: SyncContext, hold: Hold, lock: GuardedLock) {
    this.#context = context;
    this.#lock = lock;
    this.#hold = hold;
    this.#begin(hold);
  }

  /** Whether the lock was taken over from a thread that died: what it guards may be half changed. */
  get abandoned(): boolean {
    return this.#hold.abandonedBy >= 0;
  }

  get released(): boolean {
    return this.#state !== "held";
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

  get acquisition(): number {
    return this.#hold.acquisition;
  }

  get site(): number {
    return this.#hold.site;
  }

  get shared(): boolean {
    return this.#hold.shared;
  }

  get owned(): boolean {
    return this.#hold.owned;
  }

  /** Throws when it was released before. */
  release(): void {
    // What was lost has been told: by the error of a condition's wait, or by the pool.
    if (this.#state === "lost") return;
    if (this.#state !== "held") throw new Error(`Lock "${this.#hold.name}" was released twice.`);
    this.#state = "released";
    this.#end();
  }

  /** For a condition's wait: the lock is free until regain. */
  letGo(): void {
    this.#state = "waiting";
    this.#end();
  }

  /** The same, awaited: the turn may settle before regainAsync has the lock again. */
  letGoAsync(): void {
    this.#context.held.beginAwaiting(this.#hold.turn);
    this.letGo();
  }

  regain(site: number): void {
    this.#state = "lost";
    this.#begin(this.#lock.regain(site, this.#hold.turn));
  }

  async regainAsync(site: number): Promise<void> {
    this.#state = "lost";
    const { held } = this.#context;
    const { turn } = this.#hold;
    let late = true;
    try {
      await this.#lock.regainAsync(site, turn, (hold) => this.#begin(hold));
    } finally {
      late = held.endAwaiting(turn);
    }
    if (late) this.refuseLate();
  }

  /** When its turn settles: what releases it later does nothing. */
  takeBack(): void {
    this.release();
    this.#state = "lost";
  }

  /**
   * For one that came when its turn had settled, or that was taken back before whoever awaits it
   * went on: that code does not go on without the lock.
   */
  refuseLate(): never {
    // What the settling turn took back was told as left held.
    const isTold = this.#state === "lost";
    this.takeBack();
    if (!isTold) this.#context.held.onLate(this);
    throw new Error(
      `Lock "${this.name}" came after the handler that asked for it had ended, and was given back. ` +
        "A handler is to await what it starts.",
    );
  }

  #begin(hold: Hold): void {
    const { recorder, stateRow, held } = this.#context;
    this.#hold = hold;
    this.#state = "held";
    this.#recordOrder();
    held.add(this);
    this.#since = recorder.locks ? this.#context.now() : 0n;
    // At the moment in which the hold begins, as late as possible: what there is to do in between kept its turn waiting too.
    hold.waited?.end(this.#since, this.abandoned ? "abandoned" : "acquired");
    if (recorder.locks) stateRow.hold(hold.lock, hold.site, hold.acquisition, hold.turn);
  }

  #end(): void {
    const { recorder, stateRow, held } = this.#context;
    const until = recorder.locks ? this.#context.now() : 0n;
    held.delete(this);
    const wasWanted = this.#lock.release();
    if (!recorder.locks) return;
    stateRow.letGo(this.#hold.lock);
    // Written after the release, so that recording never lengthens a hold.
    const matters =
      wasWanted || this.#hold.waited !== undefined || until - this.#since >= longHoldNanos;
    if (matters || recorder.all) this.#record(until);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #record(until: bigint): void {
    const { recorder } = this.#context;
    const { turn, lock, site, acquisition, abandonedBy, shared } = this.#hold;
    const mode = lockModes.indexOf(shared ? "shared" : "exclusive");
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
    recorder.recordAt(this.#since, codes.lockAcquired, turn, mode, lock, site, 0, acquisition);
    recorder.recordAt(until, codes.lockReleased, turn, mode, lock, site, 0, acquisition);
  }

  #recordOrder(): void {
    const { recorder, held } = this.#context;
    if (!recorder.locks || held.size === 0) return;
    const { lock, site, turn, owned } = this.#hold;
    if (!owned) return;
    for (const other of held.all()) {
      // What another turn of this thread holds was not taken before this in one piece of code.
      if (other.owned && other.turn === turn && held.isNewOrder(other.lock, lock)) {
        recorder.record(codes.lockOrderEdge, turn, 0, other.lock, other.site, lock, site);
      }
    }
  }
}
