// One owner at a time; whoever comes first takes a free lock, also before those that wait (barging): measured, a strict queue
// costs a wake-up an acquire. fair-strategy.ts has the queue.

import { asyncSleep, asyncWakeWord, enterAsync, leaveAsync, wakeAsync } from "./async-waiters.ts";
import type { LockStrategy, Owner, Sleep, Taken, Waiter } from "./lock-strategy.ts";
import { lockField, type LockTable } from "./lock-table.ts";
import { type OwnerWord, waitersBit } from "./owner-word.ts";
import { step } from "./step.ts";
import { waits } from "./waits.ts";

export class MutexStrategy implements LockStrategy {
  readonly shared = false;
  readonly owned = true;
  readonly #word: OwnerWord;

  constructor(word: OwnerWord) {
    this.#word = word;
  }

  looksFree(): boolean {
    return this.#word.looksFree();
  }

  isOurs(): boolean {
    return this.#word.isOurs();
  }

  tryTake(): Owner | undefined {
    const seen = this.#word.tryTake(0);
    return seen === 0 ? undefined : this.#word.owner(seen);
  }

  enter({ blocking }: Waiter): void {
    const { table, lock, thread } = this.#word;
    if (!blocking) enterAsync(table, lock, thread);
  }

  takeOrSleep(waiter: Waiter): Sleep | undefined {
    const { table, lock, thread, index } = this.#word;
    const seen = waiter.blocking ? 0 : asyncWakeWord(table, lock, thread);
    const marked = this.#word.takeOrMark();
    if (marked === undefined) {
      this.#leave(waiter);
      return undefined;
    }
    const owner = this.#word.owner(marked);
    return waiter.blocking
      ? { index, expected: marked, owner }
      : asyncSleep(table, lock, thread, seen, owner);
  }

  giveUp(waiter: Waiter): true {
    this.#leave(waiter);
    return true;
  }

  taken(turn: number, site: number): Taken {
    return takenBy(this.#word, turn, site);
  }

  /** Pairs with tryTake: all that was written under the lock is visible to the next owner. */
  release(): boolean {
    const { table, lock, index } = this.#word;
    step("exchange", "lock", lock);
    const word = Atomics.exchange(table.words, index, 0);
    if ((word & waitersBit) === 0) return false;
    step("notify", "lock", lock);
    waits.notify(table.words, index, 1);
    wakeAsync(table, lock);
    return true;
  }

  #leave({ blocking }: Waiter): void {
    const { table, lock, thread } = this.#word;
    if (!blocking) leaveAsync(table, lock, thread);
  }
}

/** Called by the owner, which alone writes these words. */
export function takenBy({ table, lock }: OwnerWord, turn: number, site: number): Taken {
  const { words } = table;
  const first = table.field(lock, 0);
  const acquisition = ((words[first + lockField.acquisition] ?? 0) + 1) | 0;
  words[first + lockField.acquisition] = acquisition;
  words[first + lockField.turn] = turn;
  words[first + lockField.site] = site;
  const abandoned = words[first + lockField.abandoned] ?? 0;
  if (abandoned !== 0) words[first + lockField.abandoned] = 0;
  return { acquisition, abandonedBy: abandoned - 1 };
}

/** Numbers the holds of one lock from 1, where several may begin at the same time: of readers, and of permits. */
export function nextAcquisition(table: LockTable, lock: number): number {
  step("add", "acquisition", lock);
  return (Atomics.add(table.words, table.field(lock, lockField.acquisition), 1) + 1) | 0;
}
