// Ends turns that should have ended: at their deadline, and when their event was cancelled. First the handler is told, by ctx.signal;
// when it has not settled within the grace either, its thread is given up, and what else the thread had in hand ends as at a death.
// On the main thread; the pool's owner says when an event was cancelled, wherever it was submitted.

import { setOverdue } from "../thread/abort-cause.ts";
import { slotField } from "../memory/memory-fields.ts";
import { loadSlot, ownerOf, stateOf } from "../memory/slot.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";
import type { PlainError } from "../payload/error-transfer.ts";
import type { PoolCore } from "../pool-core.ts";
import { cancelError, deadlineError } from "./deadline-error.ts";
import { watchTurns } from "./hung-turns.ts";

export interface TurnThreads {
  readonly handlers: readonly string[];
  abortRunning(slot: number, seat: number): void;
  /** `cause`: whether it speaks against the pool that its threads end so. */
  giveUp(seat: number, reason: PlainError, cause: "overdue" | "cancelled"): void;
}

interface CancelledTurn {
  /** The slot's word: when it has changed, the turn has ended. */
  readonly word: number;
  /** On performance.now's clock. */
  readonly dueMillis: number;
}

export class OverdueTurns {
  readonly #core: PoolCore;
  readonly #prepared: PreparedModule;
  readonly #threads: TurnThreads;
  /** By slot, the one that is due first before the others: all have the same grace. */
  readonly #cancelled = new Map<number, CancelledTurn>();
  #deadlines: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(core: PoolCore, prepared: PreparedModule, threads: TurnThreads) {
    this.#core = core;
    this.#prepared = prepared;
    this.#threads = threads;
  }

  /** From now on, where the options give a deadline. */
  watchDeadlines(): void {
    const { memory, options } = this.#core;
    const { handlerDeadline, handlerGrace } = options;
    if (handlerDeadline === 0) return;
    this.#deadlines = watchTurns(memory, {
      deadlineMillis: handlerDeadline,
      graceMillis: handlerGrace,
      tell: (seat, slot) => {
        setOverdue(memory, slot);
        this.#threads.abortRunning(slot, seat);
      },
      giveUp: (seat, slot) => {
        const error = deadlineError(this.#prepared, this.#typeIn(slot), handlerDeadline, seat);
        this.#threads.giveUp(seat, error, "overdue");
      },
    });
  }

  /** Its caller has been told, and does not wait for the turn. */
  cancelled(slot: number): void {
    const { memory, options } = this.#core;
    const word = loadSlot(memory, slot);
    if (stateOf(word) !== "cancelled") return;
    this.#threads.abortRunning(slot, ownerOf(word));
    this.#cancelled.delete(slot);
    const dueMillis = performance.now() + options.handlerGrace;
    this.#cancelled.set(slot, { word, dueMillis });
    this.#lookAt(dueMillis);
  }

  /** A thread that has died may have cancelled events, and not been able to say so. */
  submitterDied(seat: number): void {
    const { capacity } = this.#core.memory;
    for (let slot = seat * capacity; slot < (seat + 1) * capacity; slot++) {
      if (!this.#cancelled.has(slot)) this.cancelled(slot);
    }
  }

  close(): void {
    clearInterval(this.#deadlines);
    clearTimeout(this.#grace);
  }

  /** The timer keeps no process alive. */
  #lookAt(dueMillis: number): void {
    this.#grace ??= setTimeout(
      () => this.#endOverdue(),
      Math.ceil(dueMillis - performance.now()),
    ).unref();
  }

  #endOverdue(): void {
    this.#grace = undefined;
    const now = performance.now();
    for (const [slot, { word, dueMillis }] of this.#cancelled) {
      if (loadSlot(this.#core.memory, slot) !== word) this.#cancelled.delete(slot);
      else if (dueMillis > now) return this.#lookAt(dueMillis);
      else {
        this.#cancelled.delete(slot);
        this.#threads.giveUp(ownerOf(word), this.#cancelError(slot, ownerOf(word)), "cancelled");
      }
    }
  }

  #cancelError(slot: number, seat: number): PlainError {
    const { memory, options } = this.#core;
    const event = memory.words[memory.slot(slot, slotField.event)] ?? 0;
    return cancelError(this.#prepared, this.#typeIn(slot), event, options.handlerGrace, seat);
  }

  #typeIn(slot: number): string {
    const { memory } = this.#core;
    const handler = memory.words[memory.slot(slot, slotField.handler)] ?? 0;
    return this.#threads.handlers[handler] ?? "handler";
  }
}
