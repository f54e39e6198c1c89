// A condition over shared memory: a turn that holds a lock lets it go, waits until another says that something has changed,
// and has the lock again when the wait returns. A notify is granted to a waiter, so none goes to one whose time was over
// and none wakes two. After a thread's death all waiters are woken, since the dead one may have had a notify in hand.

import { codes } from "../recorder/codes.ts";
import { waitOutcomes } from "../trace/outcome.ts";
import { Guard } from "./guard.ts";
import { lockField, threadField, type LockTable } from "./lock-table.ts";
import { countWaiter } from "./scoped-lock.ts";
import { step } from "./step.ts";
import type { SyncContext } from "./sync-context.ts";
import { grant, ThreadGrants, waitingOf, wakeGranted } from "./thread-grants.ts";
import { checkTimeLimit, timeLimit } from "./time-limit.ts";
import { isStuckElsewhere, publishWait, withdrawWait } from "./wait-for.ts";
import { waits } from "./waits.ts";

/** What a notify of all asks for, in the trace. */
export const askedForAll = 0;

export class Condition {
  readonly name: string;
  readonly #table: LockTable;
  readonly #lock: number;
  readonly #context: SyncContext;
  readonly #grants: ThreadGrants;

  constructor(table: LockTable, lock: number, context: SyncContext) {
    const { thread, waiting } = context;
    this.name = table.nameOf(lock) ?? "";
    this.#table = table;
    this.#lock = lock;
    this.#context = context;
    this.#grants = new ThreadGrants(table, lock, thread, waiting.waiters(lock));
  }

  /**
   * Blocks the thread. True when it was notified, false when the time was over; the guard's lock is held again in both cases.
   * What is waited for must be looked at again: another turn may have been quicker.
   */
  wait(guard: Guard, timeoutMillis: number = Infinity): boolean {
    const { stateRow, thread, waiting, now } = this.#context;
    const site = this.#begin(guard, timeoutMillis, true);
    const limit = timeLimit(this.#context, timeoutMillis);
    let notified: boolean | undefined;
    stateRow.waitFor(this.#lock, site, now());
    publishWait(this.#table, thread, this.#lock, false);
    waiting.passOn(this.#lock);
    while (notified === undefined) {
      const expected = this.#grants.wakeWord();
      if (this.#grants.takeGrant()) notified = true;
      else {
        step("wait", "condition", this.#lock, site);
        const index = this.#grants.wakeIndex;
        const result = waits.wait(this.#table.words, index, expected, limit.left());
        if (result === "timed-out") notified = !this.#grants.giveUp();
      }
    }
    withdrawWait(this.#table, thread);
    stateRow.stopWaiting();
    this.#end(site, notified);
    guard.regain(site);
    return notified;
  }

  /** As wait, but the thread's event loop goes on meanwhile. */
  async waitAsync(guard: Guard, timeoutMillis: number = Infinity): Promise<boolean> {
    const site = this.#begin(guard, timeoutMillis, false);
    const limit = timeLimit(this.#context, timeoutMillis);
    let notified: boolean | undefined;
    while (notified === undefined) {
      const expected = this.#grants.wakeWord();
      if (this.#grants.takeGrant()) notified = true;
      else {
        step("wait", "condition", this.#lock, site);
        const index = this.#grants.wakeIndex;
        const result = await waits.waitAsync(this.#table.words, index, expected, limit.left());
        if (result === "timed-out") notified = !this.#grants.giveUp();
      }
    }
    this.#end(site, notified);
    await guard.regainAsync(site);
    return notified;
  }

  /** Wakes one waiter, one that can run at once if there is such; nobody when none waits. */
  notifyOne(): void {
    const site = this.#context.takeSite();
    this.#recordNotify(site, 1, this.#grantOne() ? 1 : 0);
  }

  notifyAll(): void {
    const site = this.#context.takeSite();
    this.#recordNotify(site, askedForAll, grantAll(this.#table, this.#lock));
  }

  #begin(guard: Guard, timeoutMillis: number, blocks: boolean): number {
    const { takeSite, currentTurn, mayBlock, recorder, thread } = this.#context;
    const site = takeSite();
    checkTimeLimit(timeoutMillis);
    this.#check(guard, blocks, mayBlock);
    if (recorder.locks) {
      recorder.record(codes.conditionWaitStarted, currentTurn(), 0, this.#lock, site, 0, 0);
    }
    countWaiter(this.#table, this.#lock, thread, 1);
    // Waits from here on: whoever changes what is waited for must first get the lock, which is let go after this.
    this.#grants.enter();
    if (blocks) guard.letGo();
    else guard.letGoAsync();
    return site;
  }

  #check(guard: Guard, blocks: boolean, mayBlock: boolean): void {
    const where = `Condition "${this.name}"`;
    if (!(guard instanceof Guard)) throw new TypeError(`${where} waits with the guard of a lock.`);
    if (guard.released) throw new Error(`${where}: lock "${guard.name}" is not held any more.`);
    if (guard.shared)
      throw new Error(`${where}: "${guard.name}" is shared; wait with a lock of one owner.`);
    const turn = this.#context.currentTurn();
    // 0 is code of no turn that is known, to which any turn may have given its guard.
    if (turn !== 0 && guard.turn !== 0 && guard.turn !== turn) {
      throw new Error(`${where}: lock "${guard.name}" is held by another turn.`);
    }
    if (blocks && !mayBlock)
      throw new Error(`${where} may not block the main thread. Use waitAsync.`);
  }

  #end(site: number, notified: boolean): void {
    const { recorder, currentTurn, thread } = this.#context;
    countWaiter(this.#table, this.#lock, thread, -1);
    if (!recorder.locks) return;
    const outcome = waitOutcomes.indexOf(notified ? "acquired" : "timed-out");
    recorder.record(codes.conditionWaitEnded, currentTurn(), outcome, this.#lock, site, 0, 0);
  }

  #grantOne(): boolean {
    for (;;) {
      const thread = this.#next(false) ?? this.#next(true);
      if (thread === undefined) return false;
      // Its waiter may have given up since: perhaps another thread has one.
      if (grant(this.#table, this.#lock, thread, 1, false) === 0) continue;
      wakeGranted(this.#table, this.#lock, thread);
      return true;
    }
  }

  /** A thread with a waiter, beginning after the one that was notified last. */
  #next(also: boolean): number | undefined {
    const { words, threads } = this.#table;
    step("add", "condition-pick", this.#lock);
    const first = Atomics.add(words, this.#table.field(this.#lock, lockField.counter), 1);
    for (let look = 0; look < threads; look++) {
      const thread = ((first >>> 0) + look) % threads;
      step("load", "grants", thread);
      const word = Atomics.load(
        words,
        this.#table.ofThread(this.#lock, thread, threadField.grants),
      );
      if (waitingOf(word) > 0 && (also || !isStuckElsewhere(this.#table, thread, this.#lock)))
        return thread;
    }
    return undefined;
  }

  #recordNotify(site: number, asked: number, woken: number): void {
    const { recorder, currentTurn } = this.#context;
    if (!recorder.locks) return;
    recorder.record(codes.conditionNotified, currentTurn(), 0, this.#lock, site, asked, woken);
  }
}

/** Also for a thread that died with a notify in hand. */
export function grantAll(table: LockTable, lock: number): number {
  let woken = 0;
  for (let thread = 0; thread < table.threads; thread++) {
    const granted = grant(table, lock, thread, Infinity, false);
    if (granted > 0) wakeGranted(table, lock, thread);
    woken += granted;
  }
  return woken;
}
