// The writers' side of a reader/writer lock: writers take the word from each other by a mutex's or a fair mutex's rules (the
// gate), then wait until the readers that were there have left. New readers see the word and stay out meanwhile.

import type { LockStrategy, Owner, Sleep, Taken, Waiter } from "./lock-strategy.ts";
import { lockField, threadField } from "./lock-table.ts";
import type { OwnerWord } from "./owner-word.ts";
import { step } from "./step.ts";
import { grant, waitingOf, wakeGranted } from "./thread-grants.ts";
import { readersOf } from "./wait-for.ts";

/** Waiter.state: whether this waiter is through the gate and waits for readers. */
const throughGate = -1;

export class WriteStrategy implements LockStrategy {
  readonly shared = false;
  readonly owned = true;
  readonly #word: OwnerWord;
  readonly #gate: LockStrategy;

  constructor(word: OwnerWord, gate: LockStrategy) {
    this.#word = word;
    this.#gate = gate;
  }

  looksFree(): boolean {
    return this.#gate.looksFree() && this.#reader() === undefined;
  }

  isOurs(): boolean {
    return this.#gate.isOurs();
  }

  tryTake(): Owner | undefined {
    const owner = this.#gate.tryTake();
    if (owner !== undefined) return owner;
    const reader = this.#reader();
    if (reader !== undefined) this.release();
    return reader;
  }

  enter(waiter: Waiter): void {
    this.#gate.enter(waiter);
  }

  takeOrSleep(waiter: Waiter): Sleep | undefined {
    if (waiter.state !== throughGate) {
      const sleep = this.#gate.takeOrSleep(waiter);
      if (sleep !== undefined) return sleep;
      waiter.state = throughGate;
    }
    const { table, lock } = this.#word;
    const index = table.field(lock, lockField.drained);
    step("load", "drained", lock);
    const expected = Atomics.load(table.words, index);
    const owner = this.#reader();
    return owner === undefined ? undefined : { index, expected, owner };
  }

  giveUp(waiter: Waiter): boolean {
    if (waiter.state !== throughGate && this.#gate.giveUp(waiter)) return true;
    // The word is ours, the lock is not: readers are in it.
    this.release();
    return true;
  }

  taken(turn: number, site: number): Taken {
    return this.#gate.taken(turn, site);
  }

  release(): boolean {
    // While the word is ours no other writer can take a waiting reader for one that isn't there.
    const readersWaited = this.#toReaders((thread) => {
      const { table, lock } = this.#word;
      return grant(table, lock, thread, Infinity, true) > 0;
    });
    const writersWaited = this.#gate.release();
    // A reader that began to wait after it was passed over read the word before it was given up: it looks once more.
    this.#toReaders((thread) => this.#waits(thread));
    return readersWaited || writersWaited;
  }

  #toReaders(wanted: (thread: number) => boolean): boolean {
    const { table, lock } = this.#word;
    let any = false;
    for (let thread = 0; thread < table.threads; thread++) {
      if (!wanted(thread)) continue;
      any = true;
      wakeGranted(table, lock, thread);
    }
    return any;
  }

  #waits(thread: number): boolean {
    const { table, lock } = this.#word;
    step("load", "grants", thread);
    return (
      waitingOf(Atomics.load(table.words, table.ofThread(lock, thread, threadField.grants))) > 0
    );
  }

  /** One of the readers that hold the lock. */
  #reader(): Owner | undefined {
    const { table, lock } = this.#word;
    const [thread] = readersOf(table, lock);
    if (thread === undefined) return undefined;
    const acquisition = table.words[table.ofThread(lock, thread, threadField.readAcquisition)] ?? 0;
    return { thread, acquisition };
  }
}
