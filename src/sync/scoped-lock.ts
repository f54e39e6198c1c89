// What all locks with guards share (POSA2: Scoped Locking): blocking and async acquire over one strategy, with time limits,
// deadlocks refused, waits and holds recorded. Locks belong to (thread, turn).

import { closesCycle, DeadlockError } from "./deadlock.ts";
import { Guard, type GuardedLock, type Hold } from "./guard.ts";
import type { LockStrategy, Owner, Sleep, Waiter } from "./lock-strategy.ts";
import { lockField, threadField, type LockTable } from "./lock-table.ts";
import { step } from "./step.ts";
import type { SyncContext } from "./sync-context.ts";
import { checkTimeLimit, timeLimit, type TimeLimit } from "./time-limit.ts";
import { publishWait, withdrawWait } from "./wait-for.ts";
import { WaitRecord } from "./wait-record.ts";
import { waits, type WaitResult } from "./waits.ts";

/** Looks this often at a taken lock before it blocks: a hold shorter than a wake-up costs no wake-up. */
const spins = 64;

/** Whoever had the lock when it was found taken, and when that was. */
interface Met {
  readonly owner: Owner;
  readonly since: bigint;
}

interface Wait {
  readonly waiter: Waiter;
  readonly record: WaitRecord;
  readonly limit: TimeLimit;
}

export class ScopedLock {
  readonly name: string;
  readonly #table: LockTable;
  readonly #lock: number;
  readonly #context: SyncContext;
  readonly #strategy: LockStrategy;
  /** The same for all guards: an acquire is to allocate little. */
  readonly #guarded: GuardedLock;

  constructor(table: LockTable, lock: number, context: SyncContext, strategy: LockStrategy) {
    this.name = table.nameOf(lock) ?? "";
    this.#table = table;
    this.#lock = lock;
    this.#context = context;
    this.#strategy = strategy;
    this.#guarded = {
      release: () => strategy.release(),
      regain: (site, turn) => this.#take(site, Infinity, turn),
      regainAsync: (site, turn, begin) => this.#takeAsync(site, Infinity, turn, begin),
    };
  }

  /**
   * Blocks the thread until the lock is this turn's. Throws when this thread holds it already, when the wait would close a
   * cycle (DeadlockError), when `timeoutMillis` passes (TimeoutError), and on the supervising main thread.
   */
  acquire(timeoutMillis: number = Infinity): Guard {
    const { takeSite, currentTurn } = this.#context;
    return this.#guard(this.#take(takeSite(), timeoutMillis, currentTurn()));
  }

  /** As acquire, but the thread's event loop goes on meanwhile. Rejects when the turn that asked has settled by then. */
  async acquireAsync(timeoutMillis: number = Infinity): Promise<Guard> {
    const { held, currentTurn, takeSite } = this.#context;
    const turn = currentTurn();
    held.beginAwaiting(turn);
    let late = true;
    let guard: Guard;
    try {
      guard = await this.#takeAsync(takeSite(), timeoutMillis, turn, (hold) => this.#guard(hold));
    } finally {
      late = held.endAwaiting(turn);
    }
    if (late) guard.refuseLate();
    return guard;
  }

  /** Undefined when somebody holds it. */
  tryAcquire(): Guard | undefined {
    const { takeSite, currentTurn } = this.#context;
    const site = takeSite();
    const turn = currentTurn();
    if (this.#isOwn(turn) || this.#strategy.tryTake() !== undefined) return undefined;
    return this.#guard(this.#hold(site, turn, undefined));
  }

  /** Holds the lock while `body` runs, or until the promise that it returns settles; released on every path. */
  run<T>(body: () => T): T {
    const guard = this.acquire();
    let later = false;
    try {
      const result = body();
      if (!(result instanceof Promise)) return result;
      later = true;
      return result.finally(() => guard.release()) as T;
    } finally {
      if (!later) guard.release();
    }
  }

  #guard(hold: Hold): Guard {
    return new Guard(this.#context, hold, this.#guarded);
  }

  #take(site: number, timeoutMillis: number, turn: number): Hold {
    checkTimeLimit(timeoutMillis);
    this.#refuseReentry(turn);
    const owner = this.#strategy.tryTake();
    if (owner === undefined) return this.#hold(site, turn, undefined);
    const since = this.#moment();
    this.#refuseBlocking();
    if (this.#spin()) return this.#hold(site, turn, undefined);
    return this.#block(this.#siteOfWait(site), { owner, since }, timeoutMillis, turn);
  }

  /**
   * `begin` is called in the very step that takes the lock. Until this thread's held guards know of
   * the hold, another turn of the thread could begin to block for the lock, and keep its owner from
   * ever giving it back.
   */
  async #takeAsync<T>(
    marked: number,
    timeoutMillis: number,
    turn: number,
    begin: (hold: Hold) => T,
  ): Promise<T> {
    checkTimeLimit(timeoutMillis);
    this.#refuseReentry(turn);
    const owner = this.#strategy.tryTake();
    if (owner === undefined) return begin(this.#hold(marked, turn, undefined));
    const since = this.#moment();
    const site = this.#siteOfWait(marked);
    const wait = this.#startWait(site, { owner, since }, false, timeoutMillis);
    for (;;) {
      const sleep = this.#takeOrSleep(wait);
      if (sleep === undefined) return begin(this.#endWait(site, wait, turn));
      step("wait", "lock", this.#lock, site);
      const { index, expected } = sleep;
      const left = wait.limit.left();
      const result = await waits.waitAsync(this.#table.words, index, expected, left);
      if (this.#isOver(result, wait)) return begin(this.#endWait(site, wait, turn));
    }
  }

  /** Of a wait's start, before what is looked at on its account, or of its end. */
  #moment(): bigint {
    return this.#context.recorder.locks ? this.#context.now() : 0n;
  }

  #siteOfWait(marked: number): number {
    return this.#context.recorder.locks ? this.#context.siteWhenBlocked(marked) : marked;
  }

  #spin(): boolean {
    for (let look = 0; look < spins; look++) {
      if (this.#strategy.looksFree() && this.#strategy.tryTake() === undefined) return true;
    }
    return false;
  }

  #isOwn(turn: number): boolean {
    return this.#strategy.owned && this.#context.held.holds(this.#lock, turn);
  }

  #refuseReentry(turn: number): void {
    if (!this.#isOwn(turn)) return;
    throw new Error(`Lock "${this.name}" is held by this very turn already; it is not reentrant.`);
  }

  #refuseBlocking(): void {
    if (!this.#context.mayBlock) {
      throw new Error(
        `Lock "${this.name}" may not be acquired by blocking on the main thread: it supervises the pool. ` +
          "Use acquireAsync.",
      );
    }
    const { owned, shared } = this.#strategy;
    const isOurs = this.#strategy.isOurs() || this.#context.held.keepsOut(this.#lock, shared);
    if (!owned || !isOurs) return;
    throw new Error(
      `Lock "${this.name}" is held by another turn of this thread: blocking here would never end. Use acquireAsync.`,
    );
  }

  #block(site: number, met: Met, timeoutMillis: number, turn: number): Hold {
    const { thread, stateRow, waiting, now } = this.#context;
    const wait = this.#startWait(site, met, true, timeoutMillis);
    stateRow.waitFor(this.#lock, site, now());
    publishWait(this.#table, thread, this.#lock, this.#strategy.shared);
    waiting.passOn(this.#lock);
    try {
      return this.#blockedTake(site, wait, turn);
    } finally {
      withdrawWait(this.#table, thread);
      stateRow.stopWaiting();
    }
  }

  #blockedTake(site: number, wait: Wait, turn: number): Hold {
    for (;;) {
      const sleep = this.#takeOrSleep(wait);
      if (sleep === undefined) return this.#endWait(site, wait, turn);
      if (this.#strategy.owned && this.#refuseCycle(wait)) return this.#endWait(site, wait, turn);
      step("wait", "lock", this.#lock, site);
      // Pairs with the notify in the release. A word that changed since it was read returns at once: no wake is lost.
      const { index, expected } = sleep;
      const result = waits.wait(this.#table.words, index, expected, wait.limit.left());
      if (this.#isOver(result, wait)) return this.#endWait(site, wait, turn);
    }
  }

  #takeOrSleep({ waiter, record }: Wait): Sleep | undefined {
    const sleep = this.#strategy.takeOrSleep(waiter);
    if (sleep !== undefined) record.heldBy(sleep.owner.thread, sleep.owner.acquisition);
    return sleep;
  }

  /** Throws when this wait would close a cycle; true when the lock was given to it just then. */
  #refuseCycle({ waiter, record }: Wait): boolean {
    const cycle = closesCycle(this.#table, this.#context.thread);
    if (cycle === undefined) return false;
    if (!this.#strategy.giveUp(waiter)) return true;
    this.#countWaiter(-1);
    record.end(this.#moment(), "deadlock");
    throw new DeadlockError(cycle, this.#context.thread);
  }

  /** True when the lock was given to this wait in the moment in which its time was over; throws when only the latter. */
  #isOver(result: WaitResult, { waiter, record, limit }: Wait): boolean {
    if (result !== "timed-out") return false;
    if (!this.#strategy.giveUp(waiter)) return true;
    this.#countWaiter(-1);
    record.end(this.#moment(), "timed-out");
    throw limit.error(`Lock "${this.name}" was not free`);
  }

  #startWait(site: number, met: Met, blocking: boolean, timeoutMillis: number): Wait {
    const limit = timeLimit(this.#context, timeoutMillis);
    const waiter: Waiter = { blocking, state: 0 };
    const waiters = this.#countWaiter(1);
    const record = new WaitRecord(this.#context, this.#lock, site);
    record.start(met.since, met.owner.thread, met.owner.acquisition, waiters);
    this.#strategy.enter(waiter);
    return { waiter, record, limit };
  }

  #countWaiter(change: 1 | -1): number {
    return countWaiter(this.#table, this.#lock, this.#context.thread, change);
  }

  #endWait(site: number, { record }: Wait, turn: number): Hold {
    this.#countWaiter(-1);
    return this.#hold(site, turn, record);
  }

  #hold(site: number, turn: number, waited: WaitRecord | undefined): Hold {
    const { acquisition, abandonedBy } = this.#strategy.taken(turn, site);
    return {
      lock: this.#lock,
      name: this.name,
      site,
      turn,
      acquisition,
      abandonedBy,
      waited,
      shared: this.#strategy.shared,
      owned: this.#strategy.owned,
    };
  }
}

/**
 * Returns how many wait now. The thread's own part is written second when it grows and first when it falls: a death in between
 * leaves one too many, which costs a needless wake; one too few would lose one.
 */
export function countWaiter(
  table: LockTable,
  lock: number,
  thread: number,
  change: 1 | -1,
): number {
  const { words } = table;
  const own = table.ofThread(lock, thread, threadField.waiting);
  if (change === -1) words[own] = (words[own] ?? 0) - 1;
  step("add", "lock-waiters", lock);
  const waiting = Atomics.add(words, table.field(lock, lockField.waiters), change) + change;
  if (change === 1) words[own] = (words[own] ?? 0) + 1;
  return waiting;
}
