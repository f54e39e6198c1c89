// One thread's present state, in shared memory: what it runs, what it waits for, which locks it holds. The thread writes
// its row as it goes; the collector reads all rows at each drain, so that a run that hangs or is killed still shows who
// waits for whom. A reader may see a row in mid-change; each field is whole, and the next drain corrects it.
//
// Row, in words:  role | turn | event | waitsForLock+1 | waitSite | waitSince us | holds | version | 8 x (lock+1, site,
// acquisition, turn). A ninth lock held at once is not shown.

import { roleCode, type Role } from "../trace/role.ts";

const heldAt = 8;
const wordsPerHold = 4;
const shownHolds = 8;
export const stateRowWords: number = heldAt + shownHolds * wordsPerHold;

export interface SeenHold {
  readonly lock: number;
  readonly site: number;
  readonly acquisition: number;
  /** Of the hold: another one may run by then. */
  readonly turn: number;
}

export interface SeenState {
  readonly role: number;
  readonly turn: number;
  readonly event: number;
  readonly waitsForLockPlus1: number;
  readonly waitSite: number;
  /** Low 32 bits of hrtime in microseconds when the wait began. */
  readonly waitSinceMicros: number;
  readonly holds: readonly SeenHold[];
}

export class StateRow {
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(words: Int32Array, offset: number) {
    this.#words = words;
    this.#at = offset;
  }

  /** A new thread in this row: nothing held, nothing waited for. */
  clear(): void {
    this.#words.fill(0, this.#at, this.#at + stateRowWords);
    this.setRole("outside");
  }

  setRole(role: Role): void {
    this.#words[this.#at] = roleCode[role];
  }

  setTurn(turn: number, event: number): void {
    this.#words[this.#at + 1] = turn;
    this.#words[this.#at + 2] = event;
  }

  waitFor(lock: number, site: number, now: bigint): void {
    this.#words[this.#at + 4] = site;
    this.#words[this.#at + 5] = Number((now / 1000n) & 0xffff_ffffn) | 0;
    // Pairs with `read`: the lock is published last, so that whoever sees it finds the site with it.
    Atomics.store(this.#words, this.#at + 3, lock + 1);
  }

  stopWaiting(): void {
    Atomics.store(this.#words, this.#at + 3, 0);
  }

  hold(lock: number, site: number, acquisition: number, turn: number): void {
    for (let slot = 0; slot < shownHolds; slot++) {
      const word = this.#hold(slot);
      if (this.#words[word] !== 0) continue;
      this.#words[word + 1] = site;
      this.#words[word + 2] = acquisition;
      this.#words[word + 3] = turn;
      Atomics.store(this.#words, word, lock + 1);
      return;
    }
  }

  letGo(lock: number): void {
    for (let slot = 0; slot < shownHolds; slot++) {
      const word = this.#hold(slot);
      if (this.#words[word] !== lock + 1) continue;
      Atomics.store(this.#words, word, 0);
      return;
    }
  }

  read(): SeenState {
    const words = this.#words;
    const at = this.#at;
    const waitsForLockPlus1 = Atomics.load(words, at + 3);
    const holds: SeenHold[] = [];
    for (let slot = 0; slot < shownHolds; slot++) {
      const word = this.#hold(slot);
      const lockPlus1 = Atomics.load(words, word);
      if (lockPlus1 === 0) continue;
      holds.push({
        lock: lockPlus1 - 1,
        site: words[word + 1] ?? 0,
        acquisition: words[word + 2] ?? 0,
        turn: words[word + 3] ?? 0,
      });
    }
    return {
      role: words[at] ?? 0,
      turn: words[at + 1] ?? 0,
      event: words[at + 2] ?? 0,
      waitsForLockPlus1,
      waitSite: words[at + 4] ?? 0,
      waitSinceMicros: words[at + 5] ?? 0,
      holds,
    };
  }

  #hold(slot: number): number {
    return this.#at + heldAt + slot * wordsPerHold;
  }
}
