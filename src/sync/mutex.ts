// A mutual-exclusion lock over shared memory, with POSA2's Scoped Locking. Its word holds the owner's thread plus one, and a
// bit that says that somebody waits: so a failed compare-exchange tells who holds it, and a dead owner can be recognised.
// Locks belong to (thread, turn). Waiters may be overtaken (barging): measured, a strict queue costs a wake-up an acquire.

import {
  closesCycle,
  DeadlockError,
  ownerMask,
  publishWait,
  waitersBit,
  withdrawWait,
} from "./deadlock.ts";
import { Guard, type Hold } from "./guard.ts";
import { lockField, type LockTable } from "./lock-table.ts";
import { step } from "./step.ts";
import type { SyncContext } from "./sync-context.ts";
import { WaitRecord } from "./wait-record.ts";
import { waits, type WaitResult } from "./waits.ts";

/** Looks this often at a taken lock before it blocks: a hold shorter than a wake-up costs no wake-up. */
const spins = 64;

export class Mutex {
  readonly name: string;
  readonly #table: LockTable;
  readonly #lock: number;
  readonly #word: number;
  readonly #context: SyncContext;

  constructor(table: LockTable, lock: number, context: SyncContext) {
    this.name = table.nameOf(lock) ?? "";
    this.#table = table;
    this.#lock = lock;
    this.#word = table.field(lock, lockField.word);
    this.#context = context;
  }

  /**
   * Blocks the thread until the lock is this turn's. Throws when this thread holds it already, when the wait would close a
   * cycle (DeadlockError), when `timeoutMillis` passes (TimeoutError), and on the supervising main thread.
   */
  acquire(timeoutMillis: number = Infinity): Guard {
    const site = this.#context.takeSite();
    const seen = this.#tryWord(0);
    if (seen === 0) return this.#taken(site, undefined);
    if (!this.#context.mayBlock) {
      throw new Error(
        `Lock "${this.name}" may not be acquired by blocking on the main thread: it supervises the pool. ` +
          "Use acquireAsync.",
      );
    }
    this.#refuseOwn(seen);
    if (this.#spin()) return this.#taken(site, undefined);
    return this.#block(site, seen, timeoutMillis);
  }

  /** As acquire, but the thread's event loop goes on meanwhile. */
  async acquireAsync(timeoutMillis: number = Infinity): Promise<Guard> {
    const site = this.#context.takeSite();
    const seen = this.#tryWord(0);
    if (seen === 0) return this.#taken(site, undefined);
    this.#refuseReentry(seen);
    const record = this.#startWait(site, seen);
    const until = this.#deadline(timeoutMillis);
    for (;;) {
      const word = this.#markWaiting(record);
      if (word === undefined) return this.#endWait(site, record);
      step("wait", "lock", this.#lock, site);
      const result = await waits.waitAsync(this.#table.words, this.#word, word, until.left());
      this.#checkTimeout(result, record, timeoutMillis);
    }
  }

  /** Undefined when somebody holds it. */
  tryAcquire(): Guard | undefined {
    const site = this.#context.takeSite();
    return this.#tryWord(0) === 0 ? this.#taken(site, undefined) : undefined;
  }

  /** Holds the lock while `body` runs, or until the promise that it returns settles; released on every path. */
  run<T>(body: () => T): T {
    const guard = this.acquire();
    let later = false;
    try {
      const result = body();
      if (!isPromise(result)) return result;
      later = true;
      return result.finally(() => guard.release()) as T;
    } finally {
      if (!later) guard.release();
    }
  }

  /** The word that was there: 0 when the lock is ours now. `bits` are kept in the word that is written. */
  #tryWord(bits: number): number {
    const mine = (this.#context.thread + 1) | bits;
    step("compare-exchange", "lock", this.#lock);
    // Pairs with the exchange in #release: what the last owner wrote is visible to us from here on.
    return Atomics.compareExchange(this.#table.words, this.#word, 0, mine);
  }

  #spin(): boolean {
    for (let look = 0; look < spins; look++) {
      if ((this.#table.words[this.#word] ?? 0) === 0 && this.#tryWord(0) === 0) return true;
    }
    return false;
  }

  #refuseReentry(seen: number): void {
    if ((seen & ownerMask) - 1 !== this.#context.thread) return;
    const turn = this.#table.words[this.#table.field(this.#lock, lockField.turn)];
    if (turn !== this.#context.currentTurn()) return;
    throw new Error(`Lock "${this.name}" is held by this very turn already; it is not reentrant.`);
  }

  #refuseOwn(seen: number): void {
    this.#refuseReentry(seen);
    if ((seen & ownerMask) - 1 !== this.#context.thread) return;
    throw new Error(
      `Lock "${this.name}" is held by another turn of this thread: blocking here would never end. Use acquireAsync.`,
    );
  }

  #block(site: number, seen: number, timeoutMillis: number): Guard {
    const { thread, stateRow, now } = this.#context;
    const record = this.#startWait(site, seen);
    const until = this.#deadline(timeoutMillis);
    stateRow.waitFor(this.#lock, site, now());
    publishWait(this.#table, thread, this.#lock);
    try {
      for (;;) {
        const word = this.#markWaiting(record);
        if (word === undefined) return this.#endWait(site, record);
        this.#refuseCycle(record);
        step("wait", "lock", this.#lock, site);
        // Pairs with the notify in #release. A word that changed since it was marked returns at once: no wake is lost.
        const result = waits.wait(this.#table.words, this.#word, word, until.left());
        this.#checkTimeout(result, record, timeoutMillis);
      }
    } finally {
      withdrawWait(this.#table, thread);
      stateRow.stopWaiting();
    }
  }

  /** Sets the waiters' bit on the owner's word and returns it, or takes the lock and returns undefined. */
  #markWaiting(record: WaitRecord): number | undefined {
    for (;;) {
      // Taken with the bit set: others may wait still, and only the owner's release wakes the next of them.
      const seen = this.#tryWord(waitersBit);
      if (seen === 0) return undefined;
      record.heldBy((seen & ownerMask) - 1, this.#acquisition());
      const marked = seen | waitersBit;
      if (seen === marked) return marked;
      step("compare-exchange", "lock", this.#lock);
      const found = Atomics.compareExchange(this.#table.words, this.#word, seen, marked);
      if (found === seen || found === marked) return marked;
    }
  }

  #refuseCycle(record: WaitRecord): void {
    const cycle = closesCycle(this.#table, this.#context.thread, this.#lock);
    if (cycle === undefined) return;
    this.#giveUp(record, "deadlock");
    throw new DeadlockError(cycle, this.#context.thread);
  }

  #checkTimeout(result: WaitResult, record: WaitRecord, timeoutMillis: number): void {
    if (result !== "timed-out") return;
    this.#giveUp(record, "timed-out");
    const error = new Error(`Lock "${this.name}" was not free within ${timeoutMillis} ms.`);
    throw Object.assign(error, { name: "TimeoutError" });
  }

  #startWait(site: number, seen: number): WaitRecord {
    const { words } = this.#table;
    const waiters = this.#table.field(this.#lock, lockField.waiters);
    step("add", "lock-waiters", this.#lock);
    const before = Atomics.add(words, waiters, 1);
    const record = new WaitRecord(this.#context, this.#lock, site);
    record.start((seen & ownerMask) - 1, this.#acquisition(), before + 1);
    return record;
  }

  #giveUp(record: WaitRecord, outcome: "deadlock" | "timed-out"): void {
    step("add", "lock-waiters", this.#lock);
    Atomics.sub(this.#table.words, this.#table.field(this.#lock, lockField.waiters), 1);
    record.end(outcome);
  }

  #endWait(site: number, record: WaitRecord): Guard {
    step("add", "lock-waiters", this.#lock);
    Atomics.sub(this.#table.words, this.#table.field(this.#lock, lockField.waiters), 1);
    return this.#taken(site, record);
  }

  #acquisition(): number {
    return this.#table.words[this.#table.field(this.#lock, lockField.acquisition)] ?? 0;
  }

  #taken(site: number, waited: WaitRecord | undefined): Guard {
    const { words } = this.#table;
    const field = (name: number): number => this.#table.field(this.#lock, name);
    const turn = this.#context.currentTurn();
    const acquisition = ((words[field(lockField.acquisition)] ?? 0) + 1) | 0;
    words[field(lockField.acquisition)] = acquisition;
    words[field(lockField.turn)] = turn;
    words[field(lockField.site)] = site;
    const abandoned = words[field(lockField.abandoned)] ?? 0;
    words[field(lockField.abandoned)] = 0;
    waited?.end(abandoned === 0 ? "acquired" : "abandoned");
    const hold: Hold = {
      lock: this.#lock,
      name: this.name,
      site,
      turn,
      acquisition,
      abandonedBy: abandoned - 1,
      contended: waited !== undefined,
    };
    return new Guard(this.#context, hold, () => this.#release());
  }

  /** True when somebody waited. Pairs with #tryWord: all that was written under the lock is visible to the next owner. */
  #release(): boolean {
    step("exchange", "lock", this.#lock);
    const word = Atomics.exchange(this.#table.words, this.#word, 0);
    if ((word & waitersBit) === 0) return false;
    step("notify", "lock", this.#lock);
    waits.notify(this.#table.words, this.#word, 1);
    return true;
  }

  #deadline(timeoutMillis: number): { left(): number } {
    if (timeoutMillis === Infinity) return { left: () => Infinity };
    const end = this.#context.now() + BigInt(Math.ceil(timeoutMillis * 1e6));
    return { left: () => Math.max(0, Number(end - this.#context.now()) / 1e6) };
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}
