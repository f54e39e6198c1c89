// Leader/Followers (POSA2), the pool's own model: the threads take turns in waiting on the handle
// set. The leader selects one event, promotes a new leader, and only then processes the event
// itself; nothing is handed from thread to thread.
//
// Leadership is held only while this thread runs the pool's code, or blocks, never in a turn of its
// event loop: there a person's code may run for as long as it likes, and nobody is to wait for it.
// So the turn comes when it is due, after a short sleep.
//
// With bound and hybrid association a thread has events of its own, in a lane of its own. It takes
// them as leader, by their age among all that it may take, and also as a follower, which then
// processes without having led.
//
// With exclusive keys an event may have been passed over for its key: whoever frees the key has
// somebody look at the rings again.

import { at } from "../../base/assert.ts";
import { codes } from "../../recorder/codes.ts";
import { answerSummons, callFollower } from "../promotion/call-follower.ts";
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
import { called, came, notCalled } from "../health/hand-off.ts";
import { laneOf } from "../queue/lanes.ts";
import { leaderSpinNanos, sleepAsLeader, spin } from "../promotion/leader-wait.ts";
import type { Handle, QueueHandleSet } from "../queue/queue-handle-set.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import { wakeSleepingLeader } from "../promotion/wake-leader.ts";
import { allSuspended } from "./all-suspended.ts";
import { declines } from "./declines.ts";
import type { ModelThread, PoolModel, ThreadSide } from "./pool-model.ts";
import { recordSelected } from "./record-selected.ts";
import { SeveralLeadersThread } from "./several-leaders.ts";
import { sharedHandleSets, submitToSets } from "./submit-to-sets.ts";

export const leaderFollowers: PoolModel = {
  frontThreads: 0,
  laneForEachThread: false,
  hasMonitors: false,
  submitSide: submitToSets,
  threadSide: (thread) =>
    thread.memory.handleSets > 1
      ? new SeveralLeadersThread(thread)
      : new LeaderFollowersThread(thread),
};

/** The handle set, and its lane, of the events that any thread may take. */
const onlySet = 0;

export class LeaderFollowersThread implements ThreadSide {
  readonly #thread: ModelThread;
  readonly #spin = new SpinBudget(leaderSpinNanos);
  readonly #looksReady: () => boolean;
  readonly #eventsWait: () => boolean;
  readonly #wantsFollower: () => boolean;
  readonly #shared: QueueHandleSet;
  /** Of events that are bound to this thread. */
  #own: QueueHandleSet | undefined;
  /** What this thread selects from as leader: both. */
  #all: QueueHandleSet;
  #ownFirst = false;
  /** Where it waited last. */
  #atLoop = false;
  /** The leadership word under which this thread's role was last recorded as leader. */
  #leads: number | undefined;

  constructor(thread: ModelThread) {
    const { moment } = thread;
    this.#thread = thread;
    const shared = at(sharedHandleSets(thread), onlySet);
    this.#shared = shared;
    this.#all = shared;
    this.#looksReady = () => thread.stopped() || this.#all.hasWork();
    this.#eventsWait = () => shared.hasWork();
    this.#wantsFollower = () => moment.wakeFollower(shared.hasWork());
  }

  tryNext(): Handle | undefined {
    if (this.#own === undefined && this.#thread.association !== "unbound") this.#findLane();
    const mayTakeAll = this.#tryLead() && !this.#ownFirst;
    this.#ownFirst = false;
    const handle = (mayTakeAll ? this.#all : this.#own)?.select(this.#thread.seat);
    return handle === undefined ? undefined : this.#taken(handle);
  }

  async next(): Promise<Handle | undefined> {
    const { stopped } = this.#thread;
    this.#atLoop = false;
    while (!stopped()) {
      // Several come from their event loops for one event: who is late does not lead for nothing.
      const handle = this.#atLoop && !this.#looksReady() ? undefined : this.tryNext();
      if (handle !== undefined) return handle;
      if (!this.#spins()) await this.#wait();
    }
    return undefined;
  }

  /**
   * This thread leads if nobody does: a submitter that is told next, and submits again, finds a leader and need wake none. Not
   * while events wait: the submitter that is woken may take this thread's processor, and the others would find a leader that
   * does not run. Nor where turns need its event loop, in whose next turn it could not lead.
   */
  rejoin(): void {
    const { memory, moment, role, stopped, keepsLoop } = this.#thread;
    if (moment.late && this.promoteNewLeader() === 0) role.enter("processing");
    const eventsWait = this.#shared.hasWork();
    if (!eventsWait && !stopped() && !keepsLoop()) this.#tryLead();
    // A key that is free now: where nobody leads this thread does next, and looks.
    else if (eventsWait && memory.exclusiveKeys) wakeSleepingLeader(memory, onlySet);
  }

  settled(): void {
    if (this.#keyFreed()) this.#callFollower();
  }

  leave(): void {
    const { memory, seat } = this.#thread;
    answerSummons(memory, onlySet, seat);
    const seen = loadLeadership(memory, onlySet);
    if (leaderOf(seen) === seat) changeLeadership(memory, onlySet, seen, nobody);
    // It may have been woken for events that wait, while the others sleep: somebody else is.
    this.#callFollower();
  }

  /**
   * When every thread waits for events that the pool's own turns submitted, one must go on; and a thread that has events of its
   * own in any case, as no other can take what is waited for.
   */
  mayExceed(): boolean {
    this.#ownFirst = this.#own?.hasWork() === true;
    return this.#ownFirst || allSuspended(this.#thread);
  }

  /** Gives leadership up and, if the protocol wants it now, calls a follower. -1 when the caller is not leader. */
  promoteNewLeader(): 0 | -1 {
    return this.#giveUp(this.#wantsFollower);
  }

  #giveUp(wanted: () => boolean): 0 | -1 {
    const { memory, seat, protocol, moment } = this.#thread;
    const seen = loadLeadership(memory, onlySet);
    if (leaderOf(seen) !== seat) return -1;
    const given = changeLeadership(memory, onlySet, seen, nobody);
    if (given === undefined) return -1;
    const calls = callFollower(memory, onlySet, protocol, moment, wanted, this.#eventsWait);
    if (calls.length === 0) this.#recordPromoted(0, leadershipGeneration(given));
    for (const { seat: to, generation = leadershipGeneration(given) } of calls) {
      this.#recordPromoted(to + 1, generation);
      called(memory, to, this.#thread.nowMicros());
      wakeSeat(memory, to);
    }
    return 0;
  }

  /** `to` as in the record: 0 for nobody. */
  #recordPromoted(to: number, generation: number): void {
    const { recorder } = this.#thread;
    if (recorder.scheduling) recorder.record(codes.promoted, 0, 0, to, 0, generation, 0);
  }

  /** A leader that sleeps looked before the key was free. True when an event may be taken and no leader was there to be woken. */
  #keyFreed(): boolean {
    const { memory } = this.#thread;
    if (!memory.exclusiveKeys || !this.#shared.hasWork()) return false;
    return !wakeSleepingLeader(memory, onlySet);
  }

  #callFollower(): void {
    const { memory, protocol, moment } = this.#thread;
    const calls = callFollower(memory, onlySet, protocol, moment, this.#eventsWait);
    for (const { seat } of calls) wakeSeat(memory, seat);
  }

  #taken(handle: Handle): Handle {
    const { memory, seat, role, moment } = this.#thread;
    const word = loadLeadership(memory, onlySet);
    const leads = leaderOf(word) === seat;
    recordSelected(this.#thread, handle, leads ? leadershipGeneration(word) : 0);
    if (leads && moment.late) return handle;
    if (leads) this.promoteNewLeader();
    if (role.now !== "processing") role.enter("processing");
    return handle;
  }

  #findLane(): void {
    const { memory, seat, handleSetOf } = this.#thread;
    const lane = laneOf(memory, seat);
    if (lane === undefined) return;
    this.#own = handleSetOf({ lanes: [lane] });
    this.#all = handleSetOf({ lanes: [onlySet, lane] });
  }

  /** True when this thread leads now: it did already, was appointed, or nobody led. */
  #tryLead(): boolean {
    const { memory, seat } = this.#thread;
    answerSummons(memory, onlySet, seat);
    for (;;) {
      const word = loadLeadership(memory, onlySet);
      if (leaderOf(word) === seat) {
        if (this.#leads !== word) this.#nowLeads(word);
        return true;
      }
      if (leaderOf(word) !== nobody || declines(this.#thread, onlySet)) return false;
      const taken = changeLeadership(memory, onlySet, word, seat);
      // Whoever was quicker may have appointed this very thread: false is an answer only while another leads.
      if (taken === undefined) continue;
      this.#nowLeads(taken);
      return true;
    }
  }

  /**
   * True when this thread leads and has seen an event come. Not while turns need the event loop: it
   * would hold them up.
   */
  #spins(): boolean {
    return this.#leadsNow() && !this.#thread.keepsLoop() && spin(this.#spin, this.#looksReady);
  }

  #leadsNow(): boolean {
    const { memory, seat } = this.#thread;
    return leaderOf(loadLeadership(memory, onlySet)) === seat;
  }

  /** Until it is woken, or may have something to do. As leader only asleep. */
  async #wait(): Promise<void> {
    const { idle, memory, seat, role, stopped, keepsLoop } = this.#thread;
    // Not a follower: it would soon be awake for nothing, and lead in place of a thread that is
    // warm.
    const atOnce = this.#leadsNow() && idle.mayBlockAtOnce(keepsLoop());
    if (!atOnce) {
      this.#giveUp(this.#eventsWait);
      if (role.now === "leader") role.enter("processing");
    }
    this.#atLoop = !atOnce && (await idle.turnBeforeWait(keepsLoop));
    const seen = idle.wakeWord();
    if (stopped()) return;
    if (!this.#atLoop && this.#tryLead()) {
      const block = (): void => (atOnce ? idle.blockUntilDue(seen) : idle.block(seen));
      return sleepAsLeader(memory, onlySet, seat, this.#looksReady, block);
    }
    if (role.now !== "follower") role.enter("follower");
    notCalled(memory, seat);
    setIdle(memory, seat, this.#atLoop);
    // Nobody may have led, with work waiting, while the bit was not set yet: see the orders in
    // leadership.ts.
    if (!this.#isWanted() || !claimIdle(memory, seat)) await idle.sleep(seen, this.#atLoop);
    // An event of its own is taken only while nobody can appoint this thread: its bit is clear,
    // then somebody else leads, so that whoever claimed the bit before finds leadership moved on.
    claimIdle(memory, seat);
  }

  #isWanted(): boolean {
    if (this.#own?.hasWork() === true) return true;
    const isLed = leaderOf(loadLeadership(this.#thread.memory, onlySet)) !== nobody;
    // At its event loop it does not lead but to take an event.
    return !isLed && (!this.#atLoop || this.#eventsWait());
  }

  #nowLeads(word: number): void {
    const { memory, seat, role } = this.#thread;
    this.#leads = word;
    claimIdle(memory, seat);
    came(memory, seat, this.#thread.nowMicros);
    role.enter("leader", leadershipGeneration(word));
  }
}
