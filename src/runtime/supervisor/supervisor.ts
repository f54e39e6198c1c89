// Keeps the pool at the number of threads that it is to have: starts them, hears of their deaths, cleans up after each, and
// puts another in its place. Runs on the main thread, which never blocks: a blocked supervisor would see no thread die.
//
// One function, #reconcile, compares what is there with what is wanted; whatever changes either calls it.

import { codes } from "../../recorder/codes.ts";
import { Placement } from "./affinity.ts";
import { endThreads, type Closing } from "./close-pool.ts";
import { toError, type PlainError } from "../payload/error-transfer.ts";
import { hearThread } from "./hear-thread.ts";
import { wakeSeat } from "../promotion/leadership.ts";
import { LostEvents } from "./lost-events.ts";
import { Losses, type Loss } from "../recovery/losses.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";
import type { PoolCore } from "../pool-core.ts";
import { seatField } from "../memory/memory-fields.ts";
import { exitReason, leftOf, startSeat, type Duty, type Seat } from "./pool-seat.ts";
import type { PoolState } from "../pool-state.ts";
import type { RecoveryFigures } from "../pool-front.ts";
import { storeSeatUsed } from "../memory/regime.ts";
import { SeatTable } from "./seat-table.ts";
import type { ThreadStart, ToThread } from "../thread/thread-messages.ts";
import { threadStart } from "../thread/thread-start.ts";

export interface SupervisorEvents {
  /** A slot that is queued again, and has no room in its own thread's rings: to be put into the main thread's. */
  readonly queuedAgain: (slot: number) => void;
  /** An event whose handler runs was cancelled, by a pool thread that had submitted it. */
  cancelled(slot: number): void;
  /** A thread is gone, and what it had in hand has been dealt with. */
  exited(seat: number): void;
  /** The crash loop is plain: the pool takes no events any more. */
  broke(reason: string): void;
}

export class Supervisor {
  readonly #core: PoolCore;
  #prepared: PreparedModule;
  readonly #events: SupervisorEvents;
  readonly #seats: SeatTable;
  readonly #losses: Losses;
  readonly #lostEvents: LostEvents;
  readonly #placement: Placement;
  /** Grows only: slots name handlers by their place in it. Submitters of the main thread read it too. */
  readonly #handlers: string[] = [];
  #version = 0;
  #wanted = 0;
  #restart: NodeJS.Timeout | undefined;
  #phase: "starting" | "supervising" | "closing" = "starting";
  #broken: string | undefined;

  constructor(core: PoolCore, prepared: PreparedModule, events: SupervisorEvents) {
    this.#core = core;
    this.#losses = new Losses(core.memory, core.log);
    this.#lostEvents = new LostEvents(core, this.#handlers, events.queuedAgain);
    this.#placement = new Placement(core.options.affinity, (text) => core.observer.warning(text));
    this.#seats = new SeatTable(core, this.#handlers);
    this.#prepared = prepared;
    this.#events = events;
  }

  /** Resolves when all threads and spares have loaded the handlers; rejects with the first problem. */
  async start(threads: number): Promise<void> {
    this.#wanted = threads;
    const { spareThreads } = this.#core.options;
    const duties = Array.from({ length: threads + spareThreads }, (_, index) =>
      index < threads ? "member" : "spare",
    );
    const starting = duties.map((duty, index) => this.#startThread(index + 1, duty));
    const front = this.#seats.missingFront;
    if (front !== undefined) starting.push(this.#startThread(front, "front"));
    await Promise.all(starting);
    this.#phase = "supervising";
    this.#reconcile();
  }

  get handlers(): readonly string[] {
    return this.#handlers;
  }

  get state(): PoolState {
    if (this.#broken !== undefined) return { kind: "broken", reason: this.#broken };
    const joined = this.#seats.of("member").filter((seat) => seat.joined).length;
    if (this.#phase !== "supervising" || joined >= this.#wanted) return { kind: "running" };
    return { kind: "degraded", reasons: [`${joined} of ${this.#wanted} threads are there`] };
  }

  get losses(): { readonly count: number; readonly recovery: RecoveryFigures } {
    return this.#losses;
  }

  get seats(): Pick<SeatTable, "of"> {
    return this.#seats;
  }

  /** Tells the thread that runs a slot's handler that its event was cancelled, or that its deadline has passed. */
  abortRunning(slot: number, seat: number): void {
    this.#tell(seat, { kind: "abort", slot });
  }

  /** Ends a thread that hangs, and replaces it at once; it may take seconds to die, and keeps its locks until then. */
  giveUp(index: number, reason: PlainError, cause: "overdue" | "cancelled"): void {
    const seat = this.#seats.get(index);
    if (seat === undefined || seat.duty === "dying") return;
    const wasMember = seat.duty === "member";
    seat.duty = "dying";
    seat.reason ??= reason;
    void seat.worker.terminate();
    const failed = this.#lostEvents.fence(seat, seat.reason);
    this.#lostEvents.tell(seat, failed, seat.reason);
    this.#core.submitSide.recovered();
    if (this.#phase !== "supervising" || !wasMember) return;
    this.#lost(seat.reason, cause === "cancelled" ? "cancelled" : "member");
  }

  /** The number of threads from now on; those that are too many leave when their turns have settled. */
  resize(threads: number): void {
    this.#wanted = threads;
    this.#reconcile();
  }

  get wanted(): number {
    return this.#wanted;
  }

  /**
   * Puts a thread with the new handlers in the place of each: the new one joins, then the old one leaves when its turns have
   * settled. Rejects when the first can't load them: then all is as it was.
   */
  async replaceHandlers(prepared: PreparedModule): Promise<void> {
    const before = this.#prepared;
    this.#prepared = prepared;
    this.#version++;
    try {
      await this.#startBeside();
    } catch (error) {
      this.#prepared = before;
      throw error;
    }
    for (const seat of this.#old("spare")) this.#letGo(seat);
    while (this.#old("member").length > 0) await this.#startBeside();
    this.#reconcile();
  }

  #old(duty: Duty): Seat[] {
    return this.#seats.of(duty).filter((seat) => seat.version !== this.#version);
  }

  /** Loads the handlers in a thread beside the others; then it joins, and one with older handlers leaves. */
  async #startBeside(): Promise<void> {
    this.#assertOpen();
    const index = this.#seats.free("member");
    if (index === undefined) throw new Error("No seat is free: threads are still dying.");
    const loaded = this.#startThread(index, "spare");
    const seat = this.#seats.get(index);
    if (seat !== undefined) seat.duty = "beside";
    await loaded;
    this.#assertOpen();
    if (seat === undefined) return;
    const [old] = this.#old("member");
    const left = old === undefined ? undefined : leftOf(old);
    if (old !== undefined) this.#letGo(old);
    this.#join(seat);
    await left;
  }

  #assertOpen(): void {
    if (this.#phase === "supervising") return;
    throw new Error("The pool was closed before its handlers were replaced.");
  }

  #letGo(seat: Seat): void {
    if (seat.duty !== "member" && seat.duty !== "spare") return;
    seat.duty = "leaving";
    this.#tellToLeave(seat);
  }

  /** Every thread leaves when its turns have settled: by force when the time is over. Those that don't die are left to themselves. */
  async end(closing: Closing): Promise<void> {
    this.#phase = "closing";
    clearTimeout(this.#restart);
    for (const seat of this.#seats.all()) this.#tellToLeave(seat);
    await endThreads(
      () => this.#seats.all(),
      closing,
      (seat) => this.#force(seat),
    );
    for (const seat of this.#seats.all()) this.#abandon(seat);
  }

  #force(seat: Seat): void {
    if (seat.duty === "dying") return;
    const { observer } = this.#core;
    observer.warning(`thread ${seat.index} did not leave in time and was ended by force.`);
    void seat.worker.terminate();
  }

  /** Its events have their outcomes; what it does with the shared memory from now on is nobody's concern. */
  #abandon(seat: Seat): void {
    const message =
      `thread ${seat.index} does not end though it was told to: it is inside a call that can't be interrupted, ` +
      "and may keep this process until that returns";
    seat.output.drain();
    this.#core.observer.warning(`${message}.`);
    this.#lostEvents.abandon(seat, { name: "ThreadDiedError", message, stack: "" });
    seat.worker.unref();
  }

  /** Settles what threads that are gone had submitted. */
  collect(): void {
    this.#seats.collect();
  }

  #tellToLeave(seat: Seat): void {
    const { memory } = this.#core;
    Atomics.store(memory.words, memory.seat(seat.index, seatField.leave), 1);
    wakeSeat(memory, seat.index);
    // A spare waits for a message, not for the word.
    this.#tell(seat.index, { kind: "leave" });
  }

  #tell(seat: number, message: ToThread): void {
    this.#seats.get(seat)?.worker.postMessage(message);
  }

  #reconcile(): void {
    if (this.#phase !== "supervising" || this.#broken !== undefined) return;
    const members = this.#seats.of("member").length;
    for (let missing = this.#wanted - members; missing > 0; missing--) {
      if (!this.#joinSpare() && !this.#startAnother("member")) return;
    }
    for (const seat of this.#surplus(members - this.#wanted)) this.#letGo(seat);
    if (this.#seats.missingFront !== undefined && !this.#startAnother("front")) return;
    const spares = this.#seats.of("spare").length;
    for (let missing = this.#core.options.spareThreads - spares; missing > 0; missing--) {
      if (!this.#startAnother("spare")) return;
    }
  }

  #surplus(count: number): Seat[] {
    return count > 0 ? this.#seats.of("member").slice(-count) : [];
  }

  #joinSpare(): boolean {
    const seat = this.#seats.of("spare").find(({ loaded }) => loaded);
    if (seat !== undefined) this.#join(seat);
    return seat !== undefined;
  }

  #join(seat: Seat): void {
    seat.duty = "member";
    this.#seats.giveLane(seat.index);
    this.#tell(seat.index, { kind: "join" });
  }

  /** False when it is too early, or no seat is free: then it is tried again, by the clock or at the next exit. */
  #startAnother(duty: ThreadStart["duty"]): boolean {
    const early = this.#losses.restartAt - performance.now();
    if (early > 0) {
      clearTimeout(this.#restart);
      this.#restart = setTimeout(() => this.#reconcile(), Math.ceil(early));
      return false;
    }
    const index = this.#seats.free(duty);
    // What keeps it from loading ends it, and its exit is dealt with like any other.
    if (index !== undefined) this.#startThread(index, duty).catch(() => undefined);
    return index !== undefined;
  }

  #startThread(index: number, duty: ThreadStart["duty"]): Promise<void> {
    const { memory, options } = this.#core;
    Atomics.store(memory.words, memory.seat(index, seatField.leave), 0);
    storeSeatUsed(memory, index);
    const start = threadStart(this.#core, index, duty, this.#prepared, this.#handlers);
    // Before the thread starts: it looks for its lane when it joins.
    if (duty === "member") this.#seats.giveLane(index);
    const seat = startSeat(options, start, this.#version, this.#core.observer);
    this.#seats.take(seat);
    return this.#listen(seat);
  }

  #listen(seat: Seat): Promise<void> {
    return new Promise((resolve, reject) => {
      hearThread(seat, this.#core, {
        loaded: (handlers) => {
          this.#handlers.push(...handlers.slice(this.#handlers.length));
          resolve();
          // A spare that was asked for while it loaded.
          if (this.#phase === "supervising") this.#reconcile();
        },
        refused: (error) => {
          seat.reason ??= { name: error.name, message: error.message, stack: error.stack ?? "" };
          reject(error);
          void seat.worker.terminate();
        },
        joined: () => {
          void this.#placement.place(seat.index, seat.osThreadId);
          if (seat.duty !== "front") this.#losses.joined(seat.index);
        },
        leaves: () => seat.left?.(),
        cancelled: (slot) => this.#events.cancelled(slot),
        exited: (code) => {
          const reason = exitReason(seat, code);
          reject(toError(reason));
          this.#exited(seat, code, reason);
        },
      });
    });
  }

  #exited(seat: Seat, code: number, reason: PlainError): void {
    const { recorder } = this.#core;
    this.#seats.delete(seat.index);
    this.#placement.leave(seat.index);
    seat.left?.();
    const wasAsked = code === 0 && (this.#phase === "closing" || seat.duty === "leaving");
    const wasTried = seat.duty === "beside";
    if (recorder.scheduling && !wasAsked && !wasTried) {
      const text = this.#core.internString(reason.message);
      recorder.record(codes.threadCrashed, 0, seat.index, code, text, 0, 0);
    }
    const failed = this.#lostEvents.recover(seat, reason);
    this.#seats.inherit(seat.index);
    this.#core.submitSide.recovered();
    this.#events.exited(seat.index);
    if (this.#phase !== "supervising") return;
    this.#lostEvents.tell(seat, failed, reason);
    if (wasAsked || wasTried || seat.duty === "dying") return this.#reconcile();
    this.#lost(reason, seat.duty === "member" ? "member" : "other");
  }

  /** Another thread is to come; unless all that comes dies. */
  #lost(reason: PlainError, whose: Loss): void {
    const fate = this.#losses.lost(reason, this.#wanted, whose);
    if (fate.kind === "broken") return this.#breakDown(fate.reason);
    const later = fate.delayMillis === 0 ? "" : ` in ${fate.delayMillis} ms`;
    this.#core.observer.warning(`${reason.message}; it is replaced${later}.`);
    this.#reconcile();
  }

  #breakDown(reason: string): void {
    this.#broken = reason;
    for (const seat of this.#seats.all()) this.#tellToLeave(seat);
    this.#events.broke(reason);
  }
}
