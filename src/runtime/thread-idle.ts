// How a pool thread waits on its wake word: blocked, or inside its event loop when that has something alive (suspended
// turns, events it submitted, timers, sockets). Also when the event loop gets its turn under load, so that timers,
// promises and output never starve.

import { step } from "../sync/step.ts";
import { waits } from "../sync/waits.ts";
import { seatField, type PoolMemory } from "./pool-memory.ts";

const loopTurnMillis = 5;

export class ThreadIdle {
  readonly #memory: PoolMemory;
  readonly #seat: number;
  readonly #ownResources: number;
  #lastTurn = performance.now();
  #asyncWait: Promise<unknown> | undefined;

  constructor(memory: PoolMemory, seat: number) {
    this.#memory = memory;
    this.#seat = seat;
    this.#ownResources = process.getActiveResourcesInfo().length;
  }

  /** To be read before the last look at the state that the thread is about to sleep on. */
  wakeWord(): number {
    step("load", "wake", this.#seat);
    return Atomics.load(this.#memory.words, this.#memory.seat(this.#seat, seatField.wake));
  }

  /** Sleeps until the wake word differs from `seen`. Pairs with wakeSeat. */
  async sleep(seen: number, keepsLoop: boolean): Promise<void> {
    await this.turnLoop();
    if (keepsLoop || process.getActiveResourcesInfo().length > this.#ownResources) {
      await this.woken(seen);
      return;
    }
    step("wait", "wake", this.#seat);
    const word = this.#memory.seat(this.#seat, seatField.wake);
    waits.wait(this.#memory.words, word, seen, Infinity);
    this.#lastTurn = performance.now();
  }

  /** Resolves when the wake word differs from `seen`; the event loop goes on meanwhile. */
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
  }

  /** After each event: microtasks always run, the event loop when its last turn is too long ago. */
  async afterEvent(): Promise<void> {
    if (performance.now() - this.#lastTurn >= loopTurnMillis) await this.turnLoop();
    else await Promise.resolve();
  }

  async turnLoop(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#lastTurn = performance.now();
  }
}
