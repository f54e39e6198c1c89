// Leader/Followers with several handle sets, each with a leader of its own (POSA2). The threads follow all sets; a thread leads
// one of them at most, and takes leadership only by itself: a follower is woken to lead, never appointed, since two who
// appoint one thread for two sets would leave one of them to a leader that is busy.
//
// No event waits while a thread sleeps that could take it:
//   a follower sleeps only while each set was seen with a leader;
//   a leader sleeps only while its own set is empty and no other set has both events and no leader; it goes over to such a set;
//   a thread that takes an event, or leaves, gives leadership up and calls a thread for each set with events and no leader: an
//   idle follower, or else the sleeping leader of another set.

import { codes } from "../../recorder/codes.ts";
import { answerSummons, summonFollower, type Call } from "../promotion/call-follower.ts";
import { called, came, notCalled } from "../health/hand-off.ts";
import { leaderSpinNanos, spin } from "../promotion/leader-wait.ts";
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
import { sleepAsLeader } from "./await-as-leader.ts";
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
    const { memory, seat, idle, stopped, keepsLoop } = this.#thread;
    for (;;) {
      const seen = idle.wakeWord();
      if (stopped()) return undefined;
      // Before it answers: a call that comes later finds the bit clear, and goes to somebody else.
      claimIdle(memory, seat);
      const handle = this.tryNext();
      if (handle !== undefined) return handle;
      if (this.#led !== undefined || this.#leadAny()) await this.#waitAsLeader();
      else {
        this.#enterFollower();
        notCalled(memory, seat);
        setIdle(memory, seat);
        // A set may have lost its leader while the bit was not set yet: see the orders in leadership.ts.
        if (this.#isWanted() && claimIdle(memory, seat)) continue;
        await idle.sleep(seen, keepsLoop());
      }
    }
  }

  /** As with one handle set: this thread leads a set that nobody does, unless events wait that it takes next. */
  rejoin(): void {
    if (!this.#thread.stopped() && this.#led === undefined && !this.#hasWork()) this.#leadAny();
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

  /** Gives up the set that it leads, if any, and calls another thread if the protocol wants one now. */
  #promoteNewLeader(): void {
    const { memory, seat, moment, recorder } = this.#thread;
    const set = this.#led;
    this.#led = undefined;
    if (set === undefined) return;
    const seen = loadLeadership(memory, set);
    // A thread that was given up leads no more.
    if (leaderOf(seen) !== seat) return;
    const given = changeLeadership(memory, set, seen, nobody);
    if (given === undefined) return;
    const handleSet = this.#sets[set];
    const call = this.#summon(set, () => moment.wakeFollower(handleSet?.hasWork() === true));
    if (recorder.scheduling) {
      const to = call === undefined ? 0 : call.seat + 1;
      recorder.record(codes.promoted, 0, 0, to, set, leadershipGeneration(given), 0);
    }
    if (call !== undefined) wakeSeat(memory, call.seat);
  }

  /** For the other sets too: this thread may have answered a call for one and taken another's event. */
  #promoteAndCall(): void {
    const { memory } = this.#thread;
    const led = this.#led;
    this.#promoteNewLeader();
    for (const [set, handleSet] of this.#sets.entries()) {
      const call = set === led ? undefined : this.#summon(set, () => handleSet.hasWork());
      if (call !== undefined) wakeSeat(memory, call.seat);
    }
  }

  /** The caller wakes who is called, after its own record. */
  #summon(set: number, wanted: () => boolean): Call | undefined {
    const { memory, protocol, nowMicros } = this.#thread;
    const call = summonFollower(memory, set, protocol, wanted);
    if (call !== undefined) called(memory, call.seat, nowMicros());
    return call;
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

  async #waitAsLeader(): Promise<void> {
    const set = this.#led;
    if (set === undefined) return;
    // Not while turns need the event loop: a spin would hold up what they wait for.
    if (!this.#thread.keepsLoop() && spin(this.#spin, this.#looksReady)) return;
    await sleepAsLeader(this.#thread, set, this.#looksReady);
  }

  /** Whether a leader finds anything to take. */
  #hasWork(): boolean {
    if (this.#own.hasWork()) return true;
    return this.#sets.some(
      (handleSet, set) => handleSet.hasWork() && (set === this.#led || !this.#isLed(set)),
    );
  }

  /** Whether a follower has anything to do: a set without a leader, or an event of its own. */
  #isWanted(): boolean {
    return this.#own.hasWork() || this.#sets.some((_, set) => !this.#isLed(set));
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
