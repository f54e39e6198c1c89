// How a pool thread waits on its wake word: blocked, or inside its event loop when that has something alive (suspended
// turns, events it submitted, timers, sockets). Also when the event loop gets its turn under load, so that timers,
// promises and output never starve.

import { performance } from "node:perf_hooks";
import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { attempt } from "../watch/replace-function.ts";
import type { LoopRecord } from "./record-loop.ts";
import { seatField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { storeTimers } from "../memory/seat-timers.ts";

const loopTurnMillis = 5;
const lookForTimersMillis = 25;

/**
 * Of a thread's event loop: what keeps it alive beside the port of its supervisor, and how much of
 * that are timers.
 */
interface Resources {
  readonly count: number;
  readonly timers: number;
}

export class ThreadIdle {
  readonly #memory: PoolMemory;
  readonly #seat: number;
  readonly #record: LoopRecord;
  /** Those that are no event's: of the modules that are loaded, and of their setup. */
  #ownTimers = Infinity;
  /** While there are others. */
  #timersLook: NodeJS.Timeout | undefined;
  #lastTurn = performance.now();
  #asyncWait: Promise<unknown> | undefined;

  constructor(memory: PoolMemory, seat: number, record: LoopRecord) {
    this.#memory = memory;
    this.#seat = seat;
    this.#record = record;
  }

  /** From now on timers are events'. */
  joins(): void {
    this.#ownTimers = activeResources().timers;
  }

  /** To be read before the last look at the state that the thread is about to sleep on. */
  wakeWord(): number {
    step("load", "wake", this.#seat);
    return Atomics.load(this.#memory.words, this.#memory.seat(this.#seat, seatField.wake));
  }

  /**
   * The event loop's turn before a wait, in which a person's code may run, for long: nobody may
   * wait for this thread meanwhile. True when it is to wait at its loop (`woken`), where that may
   * happen at any time; else it is to `block`.
   */
  async turnBeforeWait(keepsLoop: () => boolean): Promise<boolean> {
    await this.turnLoop(keepsLoop());
    return keepsLoop() || this.#lookAtResources();
  }

  /**
   * Whether the loop needs no turn yet before a wait: nothing is known to be alive in it, and its
   * last turn is not long ago.
   */
  mayBlockAtOnce(keepsLoop: boolean): boolean {
    return !keepsLoop && !this.loopIsDue(performance.now()) && !this.#lookAtResources();
  }

  /**
   * Sleeps until the wake word differs from `seen`; nothing else runs in this thread meanwhile.
   * Pairs with wakeSeat.
   */
  block(seen: number): void {
    this.#blockFor(seen, Infinity);
    this.loopTurned();
  }

  /** As `turnBeforeWait` said. */
  async sleep(seen: number, atLoop: boolean): Promise<void> {
    if (atLoop) await this.woken(seen);
    else this.block(seen);
  }

  /**
   * As `block`, until the loop's turn is due at the latest: what is not known to be alive in it, as
   * output, is kept no longer.
   */
  blockUntilDue(seen: number): void {
    this.#blockFor(seen, Math.max(0, this.#lastTurn + loopTurnMillis - performance.now()));
  }

  #blockFor(seen: number, limitMillis: number): void {
    step("wait", "wake", this.#seat);
    const word = this.#memory.seat(this.#seat, seatField.wake);
    waits.wait(this.#memory.words, word, seen, limitMillis);
  }

  /** Whether somebody waits in `woken`. */
  get isAtLoop(): boolean {
    return this.#asyncWait !== undefined;
  }

  /**
   * Resolves when the wake word differs from `seen`; the event loop goes on meanwhile. Pairs with
   * wakeSeat.
   */
  async woken(seen: number): Promise<void> {
    if (this.wakeWord() !== seen) return;
    const word = this.#memory.seat(this.#seat, seatField.wake);
    // One pending wait serves all callers: an abandoned one would swallow a later notify.
    this.#asyncWait ??= Promise.resolve(
      waits.waitAsync(this.#memory.words, word, seen, Infinity),
    ).finally(() => {
      this.#asyncWait = undefined;
    });
    await this.#asyncWait;
    this.loopTurned();
  }

  /** Milliseconds on performance.now's clock. */
  nowMillis(): number {
    return performance.now();
  }

  /** Whether the event loop's last turn is too long ago. */
  loopIsDue(nowMillis: number): boolean {
    return nowMillis - this.#lastTurn >= loopTurnMillis;
  }

  /** The event loop has turned without being asked to. */
  loopTurned(): void {
    this.#lastTurn = performance.now();
  }

  /** `isAwaited` says whether something of the pool's waits for the loop; timers and sockets are looked for here. */
  async turnLoop(isAwaited: boolean): Promise<void> {
    const now = performance.now();
    const late = now - this.#lastTurn - loopTurnMillis;
    this.#record.turned(now, late, () => isAwaited || this.#lookAtResources());
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.loopTurned();
  }

  /** True when the loop has any; tells of the timers among them. */
  #lookAtResources(): boolean {
    const { count, timers } = activeResources();
    this.#tellTimers(timers > this.#ownTimers);
    // Of a number that is not known it is not said that there are none.
    return count !== 0;
  }

  /** The main thread waits for them, so it is to hear of their end too. */
  #tellTimers(areAlive: boolean): void {
    if (areAlive === (this.#timersLook !== undefined)) return;
    storeTimers(this.#memory, this.#seat, areAlive);
    clearInterval(this.#timersLook);
    this.#timersLook = areAlive
      ? setInterval(() => this.#lookAtResources(), lookForTimersMillis).unref()
      : undefined;
  }
}

/** Experimental in Node. Where it is missing the thread always waits inside its event loop: right, and dearer. */
function activeResources(): Resources {
  let kinds: readonly string[] | undefined;
  attempt(() => {
    kinds = process.getActiveResourcesInfo();
  });
  if (kinds === undefined) return { count: Number.NaN, timers: Number.NaN };
  const timers = kinds.filter((kind) => kind === "Timeout").length;
  return { count: kinds.length - (kinds.includes("MessagePort") ? 1 : 0), timers };
}
