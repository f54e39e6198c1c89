// A pool thread's life in the Leader/Followers pattern (POSA2): join, lead, select one event, promote a new leader, process
// the event, and join again.

import { codes } from "../recorder/codes.ts";
import type { Recorder } from "../recorder/recorder.ts";
import type { StateRow } from "../recorder/state-row.ts";
import { step } from "../sync/step.ts";
import { roleCode, type Role } from "../trace/role.ts";
import {
  appointFollower,
  changeLeadership,
  claimIdle,
  leadershipGeneration,
  leaderOf,
  loadLeadership,
  nobody,
  setIdle,
  wakeSeat,
} from "./leadership.ts";
import { announceSleep, LeaderSpin, takeBackSleep } from "./leader-wait.ts";
import { hot, seatField, slotField, type PoolMemory } from "./pool-memory.ts";
import type { PromotionMoment } from "./promotion/when.ts";
import type { PromotionProtocol } from "./promotion/which-follower.ts";
import type { QueueHandleSet, Handle } from "./queue-handle-set.ts";
import type { Submitter } from "./submitter.ts";
import type { ThreadIdle } from "./thread-idle.ts";
import type { TurnRunner } from "./turn-runner.ts";

export interface PoolThreadSetup {
  readonly memory: PoolMemory;
  readonly seat: number;
  readonly threads: number;
  readonly handleSet: QueueHandleSet;
  readonly protocol: PromotionProtocol;
  readonly moment: PromotionMoment;
  readonly concurrentEvents: number;
  readonly recorder: Recorder;
  readonly stateRow: StateRow;
  readonly turns: TurnRunner;
  readonly submitter: Submitter;
  readonly idle: ThreadIdle;
}

export class PoolThread {
  readonly #setup: PoolThreadSetup;
  readonly #spin = new LeaderSpin();
  readonly #looksReady: () => boolean;

  constructor(setup: PoolThreadSetup) {
    this.#setup = setup;
    this.#looksReady = () => this.#stopped() || setup.handleSet.hasWork();
  }

  /** Joins the pool (POSA2's join) and stays until the pool stops. */
  async join(): Promise<void> {
    while (!this.#stopped()) {
      if (!(await this.#lead())) break;
      const handle = await this.#select();
      if (handle === undefined) break;
      this.promoteNewLeader();
      this.#enter("processing");
      await this.#process(handle);
    }
    await this.#leave();
  }

  /** Gives leadership up and, if the protocol wants it now, makes a follower leader. -1 when the caller is not leader. */
  promoteNewLeader(): 0 | -1 {
    const { memory, seat, recorder, protocol, moment, handleSet } = this.#setup;
    const seen = loadLeadership(memory);
    if (leaderOf(seen) !== seat) return -1;
    const given = changeLeadership(memory, seen, nobody);
    if (given === undefined) return -1;
    const appointed = appointFollower(memory, protocol, () =>
      moment.wakeFollower(handleSet.hasWork()),
    );
    if (recorder.scheduling) {
      const generation = appointed?.generation ?? leadershipGeneration(given);
      const to = appointed === undefined ? 0 : appointed.seat + 1;
      recorder.record(codes.promoted, 0, 0, to, 0, generation, 0);
    }
    if (appointed !== undefined) wakeSeat(memory, appointed.seat);
    return 0;
  }

  /** Waits as a follower until this thread leads. False when the pool stops first. */
  async #lead(): Promise<boolean> {
    const { idle, memory, seat } = this.#setup;
    for (let waited = false; ; waited = true) {
      const seen = idle.wakeWord();
      const word = loadLeadership(memory);
      const mine = leaderOf(word) === seat ? word : this.#takeLeadership(word);
      if (mine !== undefined) return this.#nowLeads(mine);
      if (this.#stopped()) return false;
      if (!waited) this.#enter("follower");
      setIdle(memory, seat);
      // Nobody may have led, with work waiting, while the bit was not set yet: see the orders in leadership.ts.
      if (leaderOf(loadLeadership(memory)) === nobody && claimIdle(memory, seat)) continue;
      await idle.sleep(seen, this.#keepsLoop());
    }
  }

  #takeLeadership(seen: number): number | undefined {
    const { memory, seat } = this.#setup;
    return leaderOf(seen) === nobody ? changeLeadership(memory, seen, seat) : undefined;
  }

  #nowLeads(word: number): true {
    const { memory, seat } = this.#setup;
    claimIdle(memory, seat);
    this.#enter("leader", leadershipGeneration(word));
    return true;
  }

  /** Called as leader: the next event, deactivated. Undefined when the pool stops. */
  async #select(): Promise<Handle | undefined> {
    const { handleSet, seat, memory, idle } = this.#setup;
    for (;;) {
      const handle = handleSet.select(seat);
      if (handle !== undefined) return this.#selected(handle);
      if (this.#stopped()) return undefined;
      if (this.#spin.spin(this.#looksReady)) continue;
      const seen = idle.wakeWord();
      announceSleep(memory, seat);
      if (!this.#looksReady()) await idle.sleep(seen, this.#keepsLoop());
      takeBackSleep(memory, seat);
    }
  }

  #selected(handle: Handle): Handle {
    const { memory, recorder, handleSet } = this.#setup;
    if (recorder.scheduling) {
      const field = (name: number): number => memory.words[memory.slot(handle, name)] ?? 0;
      const generation = leadershipGeneration(loadLeadership(memory));
      recorder.record(
        codes.eventSelected,
        0,
        field(slotField.priority),
        field(slotField.event),
        field(slotField.handler),
        handleSet.depth(),
        generation,
      );
    }
    return handle;
  }

  async #process(handle: Handle): Promise<void> {
    const { turns, idle, concurrentEvents, memory } = this.#setup;
    memory.words[memory.slot(handle, slotField.startedMillis)] = performance.now() | 0;
    const running = turns.start(handle);
    if (running === undefined) return idle.afterEvent();
    void running.finally(() => wakeSeat(memory, this.#setup.seat));
    if (turns.live >= concurrentEvents) await this.#awaitRoom();
  }

  /** Waits until a turn settles; leads beyond the limit rather than let the whole pool wait for itself. */
  async #awaitRoom(): Promise<void> {
    const { turns, idle, concurrentEvents, memory, seat, submitter } = this.#setup;
    const suspended = memory.seat(seat, seatField.suspended);
    for (;;) {
      const seen = idle.wakeWord();
      if (turns.live < concurrentEvents || this.#stopped()) break;
      step("store", "suspended", seat);
      // Pairs with allSuspended in the other threads: the last of them to set its word sees all, and goes on.
      Atomics.store(memory.words, suspended, submitter.waiting > 0 ? 1 : 0);
      if (submitter.waiting > 0 && this.#allSuspended()) break;
      await idle.woken(seen);
    }
    step("store", "suspended", seat);
    Atomics.store(memory.words, suspended, 0);
  }

  #allSuspended(): boolean {
    const { memory, threads } = this.#setup;
    for (let seat = 1; seat <= threads; seat++) {
      step("load", "suspended", seat);
      if (Atomics.load(memory.words, memory.seat(seat, seatField.suspended)) === 0) return false;
    }
    return true;
  }

  async #leave(): Promise<void> {
    const { memory, seat, idle, turns } = this.#setup;
    claimIdle(memory, seat);
    const seen = loadLeadership(memory);
    if (leaderOf(seen) === seat) changeLeadership(memory, seen, nobody);
    while (turns.live > 0) {
      const wake = idle.wakeWord();
      if (turns.live > 0) await idle.woken(wake);
    }
    this.#enter("outside");
  }

  #keepsLoop(): boolean {
    return this.#setup.turns.live > 0 || this.#setup.submitter.waiting > 0;
  }

  #stopped(): boolean {
    step("load", "stop", 0);
    return Atomics.load(this.#setup.memory.words, hot.stop) !== 0;
  }

  #enter(role: Role, generation = 0): void {
    const { recorder, stateRow } = this.#setup;
    stateRow.setRole(role);
    if (recorder.scheduling) {
      recorder.record(codes.roleChanged, 0, roleCode[role], 0, 0, generation, 0);
    }
  }
}
