// Leader/Followers with several handle sets, each with a leader of its own (POSA2). The threads
// follow all sets; a thread leads one of them at most, and takes leadership only by itself: a
// follower is woken to lead, never appointed, since two who appoint one thread for two sets would
// leave one of them to a leader that is busy.
//
// No event waits while a thread sleeps that could take it:
//   a follower sleeps only while each set was seen with a leader, or waits at its event loop only
//     while none was seen with events and no leader;
//   a leader sleeps only while its own set is empty and no other set has both events and no leader;
//     it goes over to such a set;
//   a thread that takes an event, leaves, or gives its event loop a turn gives leadership up and
//     calls a thread for each set with events and no leader: a sleeping follower, or else the
//     sleeping leader of another set, or else all that wait at their loops.

import { codes } from "../../recorder/codes.ts";
import { answerSummons, summonFollower } from "../promotion/call-follower.ts";
import { called, came, notCalled } from "../health/hand-off.ts";
import { leaderSpinNanos, sleepAsLeader, spin } from "../promotion/leader-wait.ts";
import {
  changeLeadership,
  claimIdle,
  leaderOf,
  leadershipGeneration,
  loadLeadership,
  nobody,
  setIdle,
  wakeSeat,
} from "../promotion/leadership.ts";
import type { Handle, QueueHandleSet } from "../queue/queue-handle-set.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import { allSuspended } from "./all-suspended.ts";
import { declines } from "./declines.ts";
import { OwnHandles } from "./own-handles.ts";
import type { ModelThread, ThreadSide } from "./pool-model.ts";
import { recordSelected } from "./record-selected.ts";
import { sharedHandleSets } from "./submit-to-sets.ts";

export class SeveralLeadersThread implements ThreadSide {
  readonly #thread: ModelThread;
  readonly #spin = new SpinBudget(leaderSpinNanos);
  readonly #sets: readonly QueueHandleSet[];
  readonly #own: OwnHandles;
  readonly #looksReady: () => boolean;
  /** The set that this thread leads. */
  #led: number | undefined;
  /** Where it looks first: the set after the one that it took from last, so that none starves. */
  #first: number;
  /** Its own events and those of the sets take turns. */
  #ownFirst = false;
  /** Where it waited last. */
  #atLoop = false;

  constructor(thread: ModelThread) {
    this.#thread = thread;
    this.#sets = sharedHandleSets(thread);
    this.#own = new OwnHandles(thread);
    this.#first = thread.seat % this.#sets.length;
    this.#looksReady = () => thread.stopped() || this.#hasWork();
  }

  tryNext(): Handle | undefined {
    this.#answerSummons();
    const own = this.#ownFirst ? this.#own.select() : undefined;
    this.#ownFirst = false;
    if (own !== undefined) return this.#taken(own);
    const handle = this.#fromSets();
    if (handle === undefined) {
      const other = this.#own.select();
      return other === undefined ? undefined : this.#taken(other);
    }
    this.#ownFirst = true;
    return this.#taken(handle);
  }

  async next(): Promise<Handle | undefined> {
    const { stopped } = this.#thread;
    this.#atLoop = false;
    while (!stopped()) {
      const handle = this.tryNext();
      if (handle !== undefined) return handle;
      if (!this.#spins()) await this.#wait();
    }
    return undefined;
  }

  /**
   * As with one handle set: this thread leads a set that nobody does, unless events wait that it
   * takes next, or turns need its event loop.
   */
  rejoin(): void {
    const { stopped, keepsLoop } = this.#thread;
    if (stopped() || keepsLoop() || this.#led !== undefined || this.#hasWork()) return;
    this.#leadAny();
  }

  leave(): void {
    this.#answerSummons();
    this.#promoteAndCall();
  }

  /** As with one handle set; for events of its own no other thread can go on. */
  mayExceed(): boolean {
    this.#ownFirst = this.#own.hasWork();
    return this.#ownFirst || allSuspended(this.#thread);
  }

  /** An event of the set that it leads, or of one that nobody does, whose leader it then becomes. */
  #fromSets(): Handle | undefined {
    const count = this.#sets.length;
    for (let each = 0; each < count; each++) {
      const set = (this.#first + each) % count;
      const handleSet = this.#sets[set];
      if (handleSet?.hasWork() !== true) continue;
      if (set !== this.#led && !this.#goOverTo(set)) continue;
      const handle = handleSet.select(this.#thread.seat);
      if (handle === undefined) continue;
      this.#first = (set + 1) % count;
      return handle;
    }
    return undefined;
  }

  /** False when somebody else leads the set. */
  #goOverTo(set: number): boolean {
    if (leaderOf(loadLeadership(this.#thread.memory, set)) !== nobody) return false;
    if (this.#led !== undefined) {
      this.#promoteNewLeader();
      this.#enterFollower();
    }
    return this.#tryLead(set);
  }

  #leadAny(): boolean {
    const count = this.#sets.length;
    for (let each = 0; each < count; each++) {
      if (this.#tryLead((this.#first + each) % count)) return true;
    }
    return false;
  }

  #tryLead(set: number): boolean {
    const { memory, seat, role, nowMicros } = this.#thread;
    const seen = loadLeadership(memory, set);
    if (leaderOf(seen) !== nobody || declines(this.#thread, set)) return false;
    const word = changeLeadership(memory, set, seen, seat);
    if (word === undefined) return false;
    this.#led = set;
    came(memory, seat, nowMicros);
    role.enter("leader", leadershipGeneration(word), set);
    return true;
  }

  /** Gives up the set that it leads, if any, and calls others if `wanted`. */
  #giveUp(wanted: (eventsWait: boolean) => boolean): void {
    const { memory, seat } = this.#thread;
    const set = this.#led;
    this.#led = undefined;
    if (set === undefined) return;
    const seen = loadLeadership(memory, set);
    // A thread that was given up leads no more.
    if (leaderOf(seen) !== seat) return;
    const given = changeLeadership(memory, set, seen, nobody);
    if (given === undefined) return;
    const eventsWait = (): boolean => this.#sets[set]?.hasWork() === true;
    const generation = leadershipGeneration(given);
    const called = this.#summon(set, generation, () => wanted(eventsWait()), eventsWait);
    if (!called) this.#recordPromoted(0, set, generation);
  }

  #promoteNewLeader(): void {
    this.#giveUp((eventsWait) => this.#thread.moment.wakeFollower(eventsWait));
  }

  /** For the other sets too: this thread may have answered a call for one and taken another's event. */
  #promoteAndCall(): void {
    const led = this.#led;
    this.#promoteNewLeader();
    for (const [set, handleSet] of this.#sets.entries()) {
      if (set !== led) this.#summon(set, undefined, () => handleSet.hasWork());
    }
  }

  /**
   * Records a promotion of who is called when this thread gives leadership up: `generation` is what
   * it left. True when any was.
   */
  #summon(
    set: number,
    generation: number | undefined,
    wanted: () => boolean,
    ready = wanted,
  ): boolean {
    const { memory, protocol, nowMicros } = this.#thread;
    const calls = summonFollower(memory, set, protocol, wanted, ready);
    for (const { seat } of calls) {
      if (generation !== undefined) this.#recordPromoted(seat + 1, set, generation);
      called(memory, seat, nowMicros());
      wakeSeat(memory, seat);
    }
    return calls.length > 0;
  }

  /** `to` as in the record: 0 for nobody. */
  #recordPromoted(to: number, set: number, generation: number): void {
    const { recorder } = this.#thread;
    if (recorder.scheduling) recorder.record(codes.promoted, 0, 0, to, set, generation, 0);
  }

  #taken(handle: Handle): Handle {
    const { memory, role } = this.#thread;
    const generation =
      this.#led === undefined ? 0 : leadershipGeneration(loadLeadership(memory, this.#led));
    recordSelected(this.#thread, handle, generation);
    this.#promoteAndCall();
    if (role.now !== "processing") role.enter("processing");
    return handle;
  }

  /** As with one handle set. */
  #spins(): boolean {
    const leads = this.#led !== undefined;
    return leads && !this.#thread.keepsLoop() && spin(this.#spin, this.#looksReady);
  }

  /** As with one handle set. */
  async #wait(): Promise<void> {
    const { idle, memory, seat, role, stopped, keepsLoop } = this.#thread;
    const atOnce = this.#led !== undefined && idle.mayBlockAtOnce(keepsLoop());
    if (!atOnce) {
      this.#giveUp((eventsWait) => eventsWait);
      if (role.now === "leader") role.enter("processing");
    }
    this.#atLoop = !atOnce && (await idle.turnBeforeWait(keepsLoop));
    const seen = idle.wakeWord();
    if (stopped()) return;
    const led = this.#atLoop ? undefined : this.#ledOrAny();
    if (led !== undefined) {
      const block = (): void => (atOnce ? idle.blockUntilDue(seen) : idle.block(seen));
      return sleepAsLeader(memory, led, seat, this.#looksReady, block);
    }
    this.#enterFollower();
    notCalled(memory, seat);
    setIdle(memory, seat, this.#atLoop);
    // A set may have lost its leader while the bit was not set yet: see the orders in
    // leadership.ts.
    if (!this.#isWanted() || !claimIdle(memory, seat)) await idle.sleep(seen, this.#atLoop);
    // Before it answers: a call that comes later finds the bit clear, and goes to somebody else.
    claimIdle(memory, seat);
  }

  #ledOrAny(): number | undefined {
    if (this.#led === undefined) this.#leadAny();
    return this.#led;
  }

  /** Whether a leader finds anything to take. */
  #hasWork(): boolean {
    if (this.#own.hasWork()) return true;
    return this.#sets.some(
      (handleSet, set) => handleSet.hasWork() && (set === this.#led || !this.#isLed(set)),
    );
  }

  /**
   * Whether a follower has anything to do: a set without a leader that it may lead, or an event of
   * its own.
   */
  #isWanted(): boolean {
    if (this.#own.hasWork()) return true;
    // At its event loop it does not lead but to take an event.
    return this.#sets.some(
      (handleSet, set) => !this.#isLed(set) && (!this.#atLoop || handleSet.hasWork()),
    );
  }

  #isLed(set: number): boolean {
    return leaderOf(loadLeadership(this.#thread.memory, set)) !== nobody;
  }

  #answerSummons(): void {
    const { memory, seat } = this.#thread;
    for (let set = 0; set < this.#sets.length; set++) answerSummons(memory, set, seat);
  }

  #enterFollower(): void {
    const { role } = this.#thread;
    if (role.now !== "follower") role.enter("follower");
  }
}
