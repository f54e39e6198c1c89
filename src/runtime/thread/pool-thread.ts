// A pool thread's life, whatever the concurrency model: join, take the next event, process it, join again.

import { step } from "../../sync/step.ts";
import { claimIdle, wakeSeat } from "../promotion/leadership.ts";
import type { ModelThread, PoolModel, ThreadSide } from "../models/pool-model.ts";
import { seatField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { Handle } from "../queue/queue-handle-set.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { ThreadIdle } from "./thread-idle.ts";
import type { ThreadRole } from "./thread-role.ts";
import type { TurnRunner } from "./turn-runner.ts";

/** Awaiting what has settled already lets exactly the microtasks run that are queued by now. */
const microtasksRun = Promise.resolve();

/** An event weighs an eighth in a thread's pace. */
const paceShift = 3;

export interface PoolThreadSetup {
  readonly memory: PoolMemory;
  readonly seat: number;
  readonly model: PoolModel;
  /** What the model gets of this thread; the rest is asked of the thread itself. */
  readonly parts: Omit<
    ModelThread,
    "memory" | "seat" | "idle" | "role" | "stopped" | "keepsLoop" | "isLoaded"
  >;
  /** A moment of this thread's performance.now, on the pool's clock. */
  microsOf(millis: number): number;
  readonly concurrentEvents: number;
  readonly role: ThreadRole;
  readonly turns: TurnRunner;
  readonly submitter: Submitter;
  readonly idle: ThreadIdle;
  /** Called when the thread takes no more events. */
  leaves(): void;
}

export class PoolThread {
  readonly #setup: PoolThreadSetup;
  readonly #side: ThreadSide;
  /** Ends a wait for room, or for the last turn. */
  #turnChanged: (() => void) | undefined;

  constructor(setup: PoolThreadSetup) {
    const { memory, seat, idle, role, turns, submitter } = setup;
    this.#setup = setup;
    this.#side = setup.model.threadSide({
      ...setup.parts,
      memory,
      seat,
      idle,
      role,
      stopped: () => this.#stopped(),
      keepsLoop: () => turns.live > 0 || submitter.waiting > 0,
      // As nginx: an eighth of its room is left.
      isLoaded: () => turns.live * 8 > setup.concurrentEvents * 7,
    });
  }

  /** Joins the pool (POSA2's join) and stays until the pool stops. */
  async join(): Promise<void> {
    this.#setSuspended(false);
    this.#showLive();
    this.#setup.idle.joins();
    // Awaited only where the thread has to wait: each await costs as much as a short handler.
    while (!this.#stopped()) {
      const handle = this.#side.tryNext() ?? (await this.#next());
      if (handle === undefined) break;
      if (!this.#process(handle)) await this.#awaitRoom();
      // Microtasks run, and the event loop when its turn is due; only then are submitters told.
      await microtasksRun;
      const now = this.#setup.idle.nowMillis();
      if (this.#setup.idle.loopIsDue(now)) await this.#turnLoop();
      this.#side.rejoin();
      this.#setup.turns.ringWhenDue(this.#setup.microsOf(now));
    }
    await this.#leave();
  }

  /** There is nothing to be had at once. */
  #next(): Promise<Handle | undefined> {
    this.#setup.turns.ringDoorbells();
    return this.#side.next();
  }

  /**
   * A turn of this thread has submitted an event, perhaps long after it began. Where the thread waits for room it looks again: the
   * pool may wait for itself from now on.
   */
  submitted(): void {
    this.#turnChanged?.();
  }

  async #turnLoop(): Promise<void> {
    const { idle, turns, submitter } = this.#setup;
    turns.ringDoorbells();
    await idle.turnLoop(turns.live > 0 || submitter.waiting > 0);
  }

  /** Starts the event's turn. False when this thread has as many turns as it may. */
  #process(handle: Handle): boolean {
    const { turns, idle, concurrentEvents, parts } = this.#setup;
    // The clock is looked at only for who goes by it: it costs as much as a short handler.
    const { measures } = parts.protocol;
    const started = measures ? idle.nowMillis() : 0;
    const running = turns.start(handle);
    if (running === undefined) {
      if (measures) this.#measure(started);
      return true;
    }
    this.#showLive();
    void running.finally(() => {
      if (measures) this.#measure(started);
      this.#showLive();
      this.#side.settled?.();
      // A thread that waited for room is about to rejoin, and rings there.
      const rejoins = this.#turnChanged !== undefined && turns.live < concurrentEvents;
      if (!rejoins) turns.ringDoorbells();
      this.#turnChanged?.();
      this.#comeFromLoop();
    });
    return turns.live < concurrentEvents;
  }

  /**
   * Nothing of the pool's needs the event loop that this thread waits at: asleep it is sure to come
   * when it is called.
   */
  #comeFromLoop(): void {
    const { memory, seat, turns, submitter, idle } = this.#setup;
    if (turns.live === 0 && submitter.waiting === 0 && idle.isAtLoop) wakeSeat(memory, seat);
  }

  /** What promotion protocols go by; hints, so plain stores. */
  #measure(startedMillis: number): void {
    const { memory, seat, idle } = this.#setup;
    const { words } = memory;
    const micros = Math.round((idle.nowMillis() - startedMillis) * 1000);
    const busy = memory.seat(seat, seatField.busy);
    const pace = memory.seat(seat, seatField.pace);
    words[busy] = ((words[busy] ?? 0) + micros) | 0;
    words[pace] = (words[pace] ?? 0) + ((micros - (words[pace] ?? 0)) >> paceShift);
  }

  #showLive(): void {
    const { memory, seat, turns } = this.#setup;
    memory.words[memory.seat(seat, seatField.live)] = turns.live;
  }

  /** Waits until a turn settles; takes an event beyond the limit rather than let the pool wait for itself. */
  async #awaitRoom(): Promise<void> {
    const { turns, idle, concurrentEvents, submitter } = this.#setup;
    turns.ringDoorbells();
    for (;;) {
      const seen = idle.wakeWord();
      if (turns.live < concurrentEvents || this.#stopped()) break;
      // Pairs with allSuspended in the other threads: the last of them to set its word sees all, and goes on.
      this.#setSuspended(submitter.waiting > 0);
      if (submitter.waiting > 0 && this.#side.mayExceed()) break;
      await this.#turnChangedOrWoken(seen);
    }
    this.#setSuspended(false);
  }

  #setSuspended(suspended: boolean): void {
    const { memory, seat } = this.#setup;
    step("store", "suspended", seat);
    Atomics.store(memory.words, memory.seat(seat, seatField.suspended), suspended ? 1 : 0);
  }

  async #turnChangedOrWoken(seen: number): Promise<void> {
    const changed = new Promise<void>((resolve) => {
      this.#turnChanged = resolve;
    });
    await Promise.race([changed, this.#setup.idle.woken(seen)]);
    this.#setup.idle.loopTurned();
    this.#turnChanged = undefined;
  }

  async #leave(): Promise<void> {
    const { memory, seat, idle, turns, role } = this.#setup;
    claimIdle(memory, seat);
    turns.ringDoorbells();
    this.#side.leave();
    this.#setup.leaves();
    this.#setSuspended(true);
    while (turns.live > 0) {
      const wake = idle.wakeWord();
      if (turns.live > 0) await this.#turnChangedOrWoken(wake);
      turns.ringDoorbells();
    }
    if (role.now !== "outside") role.enter("outside");
  }

  #stopped(): boolean {
    const { memory, seat } = this.#setup;
    step("load", "leave", seat);
    // Pairs with the supervisor's store, which wakes this thread afterwards.
    return Atomics.load(memory.words, memory.seat(seat, seatField.leave)) !== 0;
  }
}
