// One owner at a time, and the lock is handed over in the order in which threads asked: each waiting thread shows the ticket
// of its first waiter, and a release gives the word to the oldest. Turns of one thread are served in their own order.
//
// The lock is handed by naming the next owner in the word, with the handed bit until that thread picks it up: so a lock that was
// handed to a thread that died is known for what it is.
//
// A turn whose thread is blocked elsewhere can't pick it up: it is passed over while another waits, a thread that blocks passes on
// what it was handed, and whoever finds the lock in such hands takes it. Else a hand-over could close a cycle of waits.

import { wakeQueued } from "./async-waiters.ts";
import type { LockStrategy, Owner, Sleep, Taken, Waiter } from "./lock-strategy.ts";
import { lockField, threadField } from "./lock-table.ts";
import { takenBy } from "./mutex-strategy.ts";
import { handedBit, ownerIn, waitersBit, type OwnerWord } from "./owner-word.ts";
import { step } from "./step.ts";
import { isStuckElsewhere } from "./wait-for.ts";

/** Tickets of this thread's waiters for one lock, oldest first; the same object for all turns. */
export interface LocalQueue {
  readonly tickets: number[];
  /** Whether one of them blocks the thread. */
  blocked: boolean;
  /** Gives the lock to another waiter if it was handed to this thread and not picked up. */
  passOn: () => void;
}

// The shown ticket: number | 1 for "there is one" | 1 for "its thread blocks on this lock".
const isShown = 2;
const isBlocked = 1;

export class FairStrategy implements LockStrategy {
  readonly shared = false;
  readonly owned = true;
  readonly #word: OwnerWord;
  readonly #local: LocalQueue;

  constructor(word: OwnerWord, local: LocalQueue) {
    this.#word = word;
    this.#local = local;
    local.passOn = () => {
      if (this.#acceptHanded()) this.release();
    };
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

  enter(waiter: Waiter): void {
    const { table, lock } = this.#word;
    step("add", "fair-ticket", lock);
    waiter.state = Atomics.add(table.words, table.field(lock, lockField.counter), 1) << 2;
    this.#local.tickets.push(waiter.state);
    if (waiter.blocking) this.#local.blocked = true;
    this.#show();
  }

  takeOrSleep(waiter: Waiter): Sleep | undefined {
    const { table, lock, thread } = this.#word;
    const wake = table.ofThread(lock, thread, threadField.wake);
    step("load", "queue-wake", thread);
    const expected = Atomics.load(table.words, wake);
    for (;;) {
      if (this.#pickUp(waiter)) return undefined;
      const seen = this.#word.tryTake(waitersBit);
      if (seen === 0) {
        this.#served(waiter);
        return undefined;
      }
      const marked = seen | waitersBit;
      if ((seen & handedBit) !== 0) {
        // Handed to this thread just now: the next look picks it up.
        if (ownerIn(seen) === thread) continue;
        if (isStuckElsewhere(table, ownerIn(seen), lock)) {
          if (!this.#word.change(seen, (thread + 1) | waitersBit)) continue;
          this.#served(waiter);
          return undefined;
        }
      }
      if (seen !== marked && !this.#word.change(seen, marked)) continue;
      return { index: wake, expected, owner: this.#word.owner(marked) };
    }
  }

  giveUp(waiter: Waiter): boolean {
    const { tickets } = this.#local;
    const own = tickets.indexOf(waiter.state);
    tickets.splice(own === -1 ? tickets.length - 1 : own, 1);
    if (waiter.blocking) this.#local.blocked = false;
    this.#show();
    // The ticket is gone before this look; a release hands over before it looks whether the ticket is still there. So either
    // we see the lock in our hands, or the release takes it back.
    return !this.#acceptHanded();
  }

  taken(turn: number, site: number): Taken {
    return takenBy(this.#word, turn, site);
  }

  release(): boolean {
    for (;;) {
      const seen = this.#word.load();
      if ((seen & waitersBit) === 0) {
        if (this.#word.change(seen, 0)) return false;
        continue;
      }
      const next = this.#next();
      if (next !== undefined) {
        if (this.#handTo(next, seen)) return true;
        continue;
      }
      this.#word.change(seen, 0);
      // A waiter that showed its ticket after our look read the word before it was 0: one of us sees the other.
      if (this.#next() === undefined || this.#word.tryTake(waitersBit) !== 0) return true;
    }
  }

  #pickUp(waiter: Waiter): boolean {
    if (!this.#acceptHanded()) return false;
    this.#served(waiter);
    return true;
  }

  #acceptHanded(): boolean {
    const mine = this.#word.thread + 1;
    const seen = this.#word.load();
    return seen === (mine | handedBit | waitersBit) && this.#word.change(seen, mine | waitersBit);
  }

  /** The thread's waiters are served in their order, whichever of them was awake first. */
  #served(waiter: Waiter): void {
    this.#local.tickets.shift();
    if (waiter.blocking) this.#local.blocked = false;
    this.#show();
  }

  #show(): void {
    const { table, lock, thread } = this.#word;
    const first = this.#local.tickets[0];
    const blocks = this.#local.blocked ? isBlocked : 0;
    step("store", "queued", thread);
    // Pairs with the look in #next.
    Atomics.store(
      table.words,
      table.ofThread(lock, thread, threadField.queued),
      first === undefined ? 0 : first | isShown | blocks,
    );
  }

  #ticketOf(thread: number): number {
    const { table, lock } = this.#word;
    step("load", "queued", thread);
    return Atomics.load(table.words, table.ofThread(lock, thread, threadField.queued));
  }

  /** The thread that has waited longest, if possible one that can run. */
  #next(): Candidate | undefined {
    const { table, lock } = this.#word;
    let best: Candidate | undefined;
    for (let thread = 0; thread < table.threads; thread++) {
      const ticket = this.#ticketOf(thread);
      if (ticket === 0) continue;
      const stuck = isStuckElsewhere(table, thread, lock);
      const isOlder = best === undefined || ((ticket - best.ticket) | 0) < 0;
      const isBetter = best === undefined || stuck === best.stuck ? isOlder : best.stuck;
      if (isBetter) best = { thread, ticket, stuck };
    }
    return best;
  }

  /** False when that thread died, gave up or blocked elsewhere meanwhile, and the lock is ours again. */
  #handTo({ thread }: Candidate, seen: number): boolean {
    const { table, lock } = this.#word;
    const handed = (thread + 1) | handedBit | waitersBit;
    if (!this.#word.change(seen, handed)) return false;
    const ticket = this.#ticketOf(thread);
    const isWrong = ticket === 0 || this.#othersCanRun(thread);
    // Taken back, unless it was picked up or passed on already.
    if (isWrong && this.#word.change(handed, seen)) return false;
    wakeQueued(table, lock, thread, (ticket & isBlocked) === 0 ? 1 : Infinity);
    return true;
  }

  /** Pairs with passOn: a thread shows what it blocks on, then looks whether it was handed a lock. */
  #othersCanRun(thread: number): boolean {
    if (!isStuckElsewhere(this.#word.table, thread, this.#word.lock)) return false;
    return this.#next()?.stuck === false;
  }
}

interface Candidate {
  readonly thread: number;
  readonly ticket: number;
  /** Blocked on something else. */
  readonly stuck: boolean;
}
