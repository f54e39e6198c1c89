// Grants: a lock gives what is waited for to the waiters of one thread, without waking the wrong ones or losing any. One word
// a thread and lock: how many of its turns wait (upper half) and how many hold (lower half). Whoever grants lowers the first,
// and raises the second where a grant is a hold, in one compare-and-swap; the thread sees by its own count of waiters that
// some of them were granted. A dead thread's word is set to 0 and with it all that it waited for or held.

import { threadField, type LockTable } from "./lock-table.ts";
import { step } from "./step.ts";
import { waits } from "./waits.ts";

const oneWaiting = 1 << 16;
const holdingMask = oneWaiting - 1;

export function holdingOf(word: number): number {
  return word & holdingMask;
}

export function waitingOf(word: number): number {
  return word >> 16;
}

/** This thread's waiters for one lock by its own count; the same object for all turns. */
export interface LocalWaiters {
  count: number;
}

export class ThreadGrants {
  readonly #table: LockTable;
  readonly #thread: number;
  readonly #index: number;
  readonly #local: LocalWaiters;
  /** Index of the word that grants wake. */
  readonly wakeIndex: number;

  constructor(table: LockTable, lock: number, thread: number, local: LocalWaiters) {
    this.#table = table;
    this.#thread = thread;
    this.#index = table.ofThread(lock, thread, threadField.grants);
    this.wakeIndex = table.ofThread(lock, thread, threadField.grantWake);
    this.#local = local;
  }

  hold(): void {
    this.#add(1);
  }

  /** How many turns of this thread still hold. */
  letGo(): number {
    return holdingOf(this.#add(-1)) - 1;
  }

  enter(): void {
    this.#local.count++;
    this.#add(oneWaiting);
  }

  /** To be read before the last look at the grants. */
  wakeWord(): number {
    step("load", "grant-wake", this.#thread);
    return Atomics.load(this.#table.words, this.wakeIndex);
  }

  /** True when this waiter was granted what it waits for; it waits no more then. */
  takeGrant(): boolean {
    if (this.#local.count <= waitingOf(this.#load())) return false;
    this.#local.count--;
    return true;
  }

  /** From waiting to holding by itself; false when a grant came first. */
  holdInstead(): boolean {
    return this.#turnWaiting(1);
  }

  waitAgain(): void {
    this.#local.count++;
    this.#add(oneWaiting - 1);
  }

  /** False when a grant came first: the caller has it then. */
  giveUp(): boolean {
    return this.#turnWaiting(0);
  }

  #turnWaiting(holds: 0 | 1): boolean {
    for (;;) {
      const seen = this.#load();
      if (this.#local.count > waitingOf(seen)) {
        this.#local.count--;
        return false;
      }
      if (!change(this.#table, this.#index, this.#thread, seen, seen - oneWaiting + holds))
        continue;
      this.#local.count--;
      return true;
    }
  }

  #load(): number {
    step("load", "grants", this.#thread);
    return Atomics.load(this.#table.words, this.#index);
  }

  #add(change: number): number {
    step("add", "grants", this.#thread);
    // Pairs with the loads of whoever looks for holders or waiters, and with the compare-and-swap of a grant.
    return Atomics.add(this.#table.words, this.#index, change);
  }
}

function change(
  table: LockTable,
  index: number,
  thread: number,
  seen: number,
  next: number,
): boolean {
  step("compare-exchange", "grants", thread);
  return Atomics.compareExchange(table.words, index, seen, next) === seen;
}

/**
 * Grants up to `most` waiters of a thread, and returns how many; `asHold` makes each a hold. Wakes nobody: see wakeGranted.
 */
export function grant(
  table: LockTable,
  lock: number,
  thread: number,
  most: number,
  asHold: boolean,
): number {
  const index = table.ofThread(lock, thread, threadField.grants);
  for (;;) {
    step("load", "grants", thread);
    const seen = Atomics.load(table.words, index);
    const granted = Math.min(most, waitingOf(seen));
    if (granted <= 0) return 0;
    const next = seen - granted * oneWaiting + (asHold ? granted : 0);
    if (change(table, index, thread, seen, next)) return granted;
  }
}

/** The word changes before the notify, so that no wake is lost; all waiters of the thread look whether it was for them. */
export function wakeGranted(table: LockTable, lock: number, thread: number): void {
  const wake = table.ofThread(lock, thread, threadField.grantWake);
  step("add", "grant-wake", thread);
  Atomics.add(table.words, wake, 1);
  step("notify", "grant-wake", thread);
  waits.notify(table.words, wake, Infinity);
}
