// A counted number of permits. Its word is how many are left. Permits have no owner: who holds one can't be told, so no deadlock
// over them is foreseen, and a permit is lost with the thread that died holding it.

import { asyncSleep, asyncWakeWord, enterAsync, leaveAsync, wakeAsync } from "./async-waiters.ts";
import type { LockStrategy, Owner, Sleep, Taken, Waiter } from "./lock-strategy.ts";
import { lockField, type LockTable } from "./lock-table.ts";
import { nextAcquisition } from "./mutex-strategy.ts";
import { step } from "./step.ts";
import { waits } from "./waits.ts";

const nobody: Owner = { thread: -1, acquisition: 0 };

export class SemaphoreStrategy implements LockStrategy {
  readonly shared = true;
  readonly owned = false;
  readonly #table: LockTable;
  readonly #lock: number;
  readonly #thread: number;
  readonly #word: number;
  readonly #changed: (permits: number) => void;

  /** `changed` hears how many permits are left after each change. */
  constructor(table: LockTable, lock: number, thread: number, changed: (permits: number) => void) {
    this.#table = table;
    this.#lock = lock;
    this.#thread = thread;
    this.#word = table.field(lock, lockField.word);
    this.#changed = changed;
  }

  looksFree(): boolean {
    return (this.#table.words[this.#word] ?? 0) > 0;
  }

  isOurs(): boolean {
    return false;
  }

  tryTake(): Owner | undefined {
    for (;;) {
      step("load", "permits", this.#lock);
      const permits = Atomics.load(this.#table.words, this.#word);
      if (permits <= 0) return nobody;
      step("compare-exchange", "permits", this.#lock);
      // Pairs with the add in release.
      const found = Atomics.compareExchange(this.#table.words, this.#word, permits, permits - 1);
      if (found !== permits) continue;
      this.#changed(permits - 1);
      return undefined;
    }
  }

  enter({ blocking }: Waiter): void {
    if (!blocking) enterAsync(this.#table, this.#lock, this.#thread);
  }

  takeOrSleep(waiter: Waiter): Sleep | undefined {
    const { blocking } = waiter;
    const seen = blocking ? 0 : asyncWakeWord(this.#table, this.#lock, this.#thread);
    if (this.tryTake() === undefined) {
      this.giveUp(waiter);
      return undefined;
    }
    return blocking
      ? { index: this.#word, expected: 0, owner: nobody }
      : asyncSleep(this.#table, this.#lock, this.#thread, seen, nobody);
  }

  giveUp({ blocking }: Waiter): true {
    if (!blocking) leaveAsync(this.#table, this.#lock, this.#thread);
    return true;
  }

  taken(): Taken {
    return { acquisition: nextAcquisition(this.#table, this.#lock), abandonedBy: -1 };
  }

  release(): boolean {
    const { words } = this.#table;
    step("add", "permits", this.#lock);
    const permits = Atomics.add(words, this.#word, 1) + 1;
    this.#changed(permits);
    step("load", "lock-waiters", this.#lock);
    // Pairs with the waiter: it counts itself, then looks for a permit. One of the two sees the other.
    if (Atomics.load(words, this.#table.field(this.#lock, lockField.waiters)) <= 0) return false;
    step("notify", "permits", this.#lock);
    waits.notify(words, this.#word, 1);
    wakeAsync(this.#table, this.#lock);
    return true;
  }
}
