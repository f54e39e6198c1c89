// The readers' side of a reader/writer lock. A reader raises its thread's own word and looks whether a writer has the lock: so
// readers on different processors write different cache lines, and a dead reader's holds are known. A reader that finds a writer waits
// for the end of that one write only: the writer grants the lock to all readers that wait before it lets it go (phase-fair;
// Brandenburg and Anderson 2010), so neither side starves.

import type { LockStrategy, Owner, Sleep, Taken, Waiter } from "./lock-strategy.ts";
import { lockField, threadField } from "./lock-table.ts";
import { nextAcquisition } from "./mutex-strategy.ts";
import type { OwnerWord } from "./owner-word.ts";
import { step } from "./step.ts";
import type { ThreadGrants } from "./thread-grants.ts";
import { waits } from "./waits.ts";

export class ReadStrategy implements LockStrategy {
  readonly shared = true;
  readonly owned = true;
  readonly #word: OwnerWord;
  readonly #grants: ThreadGrants;

  constructor(word: OwnerWord, grants: ThreadGrants) {
    this.#word = word;
    this.#grants = grants;
  }

  looksFree(): boolean {
    return this.#word.looksFree();
  }

  isOurs(): boolean {
    return this.#word.isOurs();
  }

  tryTake(): Owner | undefined {
    this.#grants.hold();
    // Pairs with WriteStrategy: it takes the word, then looks for readers. One of the two sees the other.
    const word = this.#word.load();
    if (word === 0) return undefined;
    this.#letGo(word);
    return this.#word.owner(word);
  }

  enter(): void {
    this.#grants.enter();
  }

  takeOrSleep(_waiter: Waiter): Sleep | undefined {
    for (;;) {
      const expected = this.#grants.wakeWord();
      if (this.#grants.takeGrant()) return undefined;
      const word = this.#word.load();
      if (word !== 0) {
        return { index: this.#grants.wakeIndex, expected, owner: this.#word.owner(word) };
      }
      if (!this.#grants.holdInstead()) return undefined;
      const again = this.#word.load();
      if (again === 0) return undefined;
      this.#grants.waitAgain();
      this.#wakeWriter();
    }
  }

  giveUp(): boolean {
    return this.#grants.giveUp();
  }

  taken(): Taken {
    const { table, lock, thread } = this.#word;
    const acquisition = nextAcquisition(table, lock);
    table.words[table.ofThread(lock, thread, threadField.readAcquisition)] = acquisition;
    // Left for the next writer, which puts right what is half changed.
    const abandoned = table.words[table.field(lock, lockField.abandoned)] ?? 0;
    return { acquisition, abandonedBy: abandoned - 1 };
  }

  release(): boolean {
    const left = this.#grants.letGo();
    const word = this.#word.load();
    if (word !== 0 && left === 0) this.#wakeWriter();
    return word !== 0;
  }

  #letGo(word: number): void {
    if (this.#grants.letGo() === 0 && word !== 0) this.#wakeWriter();
  }

  /** A writer that has the word may wait for this reader. It looks at the readers again after each change of this word. */
  #wakeWriter(): void {
    const { table, lock } = this.#word;
    const drained = table.field(lock, lockField.drained);
    step("add", "drained", lock);
    Atomics.add(table.words, drained, 1);
    step("notify", "drained", lock);
    waits.notify(table.words, drained, Infinity);
  }
}
