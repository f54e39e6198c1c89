// Leader/Followers (POSA2), the pool's own model: the threads take turns in waiting on the handle set. The leader selects one
// event, promotes a new leader, and only then processes the event itself; nothing is handed from thread to thread.
//
// With bound and hybrid association a thread has events of its own, in a lane of its own. It takes them as leader, by their age
// among all that it may take, and also as a follower, which then processes without having led.
//
// With exclusive keys an event may have been passed over for its key: whoever frees the key has somebody look at the rings again.

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
import { leaderSpinNanos } from "../promotion/leader-wait.ts";
import type { Handle, QueueHandleSet } from "../queue/queue-handle-set.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import { wakeSleepingLeader } from "../promotion/wake-leader.ts";
import { allSuspended } from "./all-suspended.ts";
import { awaitAsLeader } from "./await-as-leader.ts";
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
  readonly #select: () => Handle | undefined;
  readonly #looksReady: () => boolean;
  readonly #wantsFollower: () => boolean;
  readonly #shared: QueueHandleSet;
  /** Of events that are bound to this thread. */
  #own: QueueHandleSet | undefined;
  /** What this thread selects from as leader: both. */
  #all: QueueHandleSet;
  #ownFirst = false;
  /** The leadership word under which this thread's role was last recorded as leader. */
  #leads: number | undefined;

  constructor(thread: ModelThread) {
    const { moment, seat } = thread;
    this.#thread = thread;
    const shared = at(sharedHandleSets(thread), onlySet);
    this.#shared = shared;
    this.#all = shared;
    this.#select = () => this.#all.select(seat);
    this.#looksReady = () => thread.stopped() || this.#all.hasWork();
    this.#wantsFollower = () => moment.wakeFollower(shared.hasWork());
  }

  tryNext(): Handle | undefined {
    if (this.#own === undefined && this.#thread.association !== "unbound") this.#findLane();
    const mayTakeAll = this.#tryLead() && !this.#ownFirst;
    this.#ownFirst = false;
    const handle = mayTakeAll ? this.#select() : this.#own?.select(this.#thread.seat);
    return handle === undefined ? undefined : this.#taken(handle);
  }

  async next(): Promise<Handle | undefined> {
    if (!this.#tryLead()) {
      const followed = await this.#follow();
      if (followed !== "leads") return followed;
    }
    const handle = await awaitAsLeader(this.#thread, this.#spin, this.#select, this.#looksReady);
    return handle === undefined ? undefined : this.#taken(handle);
  }

  /**
   * This thread leads if nobody does: a submitter that is told next, and submits again, finds a leader and need wake none. Not
   * while events wait: the submitter that is woken may take this thread's processor, and the others would find a leader that
   * does not run.
   */
  rejoin(): void {
    const { memory, moment, role, stopped } = this.#thread;
    if (moment.late && this.promoteNewLeader() === 0) role.enter("processing");
    const eventsWait = this.#shared.hasWork();
    if (!eventsWait && !stopped()) this.#tryLead();
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
    const { memory, seat, recorder, protocol, moment } = this.#thread;
    const seen = loadLeadership(memory, onlySet);
    if (leaderOf(seen) !== seat) return -1;
    const given = changeLeadership(memory, onlySet, seen, nobody);
    if (given === undefined) return -1;
    const call = callFollower(memory, onlySet, protocol, moment, this.#wantsFollower);
    if (recorder.scheduling) {
      const generation = call?.generation ?? leadershipGeneration(given);
      const to = call === undefined ? 0 : call.seat + 1;
      recorder.record(codes.promoted, 0, 0, to, 0, generation, 0);
    }
    if (call !== undefined) {
      called(memory, call.seat, this.#thread.nowMicros());
      wakeSeat(memory, call.seat);
    }
    return 0;
  }

  /** A leader that sleeps looked before the key was free. True when an event may be taken and no leader was there to be woken. */
  #keyFreed(): boolean {
    const { memory } = this.#thread;
    if (!memory.exclusiveKeys || !this.#shared.hasWork()) return false;
    return !wakeSleepingLeader(memory, onlySet);
  }

  #callFollower(): void {
    const { memory, protocol, moment } = this.#thread;
    const call = callFollower(memory, onlySet, protocol, moment, () => this.#shared.hasWork());
    if (call !== undefined) wakeSeat(memory, call.seat);
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

  /** Waits as a follower until this thread leads, or has taken an event of its own. Undefined when the pool stops first. */
  async #follow(): Promise<Handle | "leads" | undefined> {
    const { idle, memory, seat, role, stopped, keepsLoop } = this.#thread;
    role.enter("follower");
    for (;;) {
      const seen = idle.wakeWord();
      if (stopped()) return undefined;
      // An event of its own is taken only while nobody can appoint this thread: its bit is clear, then somebody else leads, so
      // that whoever claimed the bit before finds leadership moved on.
      if (this.#own !== undefined) claimIdle(memory, seat);
      if (this.#tryLead()) return "leads";
      const handle = this.#own?.select(seat);
      if (handle !== undefined) return this.#taken(handle);
      notCalled(memory, seat);
      setIdle(memory, seat);
      // Nobody may have led, with work waiting, while the bit was not set yet: see the orders in leadership.ts.
      if (this.#isWanted() && claimIdle(memory, seat)) continue;
      await idle.sleep(seen, keepsLoop());
    }
  }

  #isWanted(): boolean {
    const isLed = leaderOf(loadLeadership(this.#thread.memory, onlySet)) !== nobody;
    return !isLed || this.#own?.hasWork() === true;
  }

  #nowLeads(word: number): void {
    const { memory, seat, role } = this.#thread;
    this.#leads = word;
    claimIdle(memory, seat);
    came(memory, seat, this.#thread.nowMicros);
    role.enter("leader", leadershipGeneration(word));
  }
}
