// How a submitter waits for results: it looks for them for a short while, its event loop turning meanwhile, then sleeps until its
// doorbell rings.

import { availableParallelism } from "node:os";
// The global of that name is a lazy getter, called anew each time; this binding is not.
import { performance } from "node:perf_hooks";
import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { takeUnrung } from "../memory/completion-list.ts";
import { submitterField } from "../memory/memory-fields.ts";
import { threadsAwake } from "../promotion/leadership.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

/**
 * Being woken costs the pool thread that rings and this one about as much CPU time as looking for so long: by the rule of
 * competitive spinning (Karlin et al., 1991) looking first never costs more than twice the better choice.
 */
const resultSpinNanos = 20_000n;

/** Twice as long and more after the doorbell rang, all that its thread did not ring for is there (TurnRunner.ringWhenDue). */
const lookAgainMillis = 1;

const processors = availableParallelism();

export interface Results {
  /** Settles what has completed; returns how many. */
  collect(): number;
  /** How many are still to come. */
  awaited(): number;
}

export class ResultWait {
  readonly #setup: Pick<SubmitterSetup, "memory" | "index" | "spins">;
  readonly #results: Results;
  readonly #spinBudget = new SpinBudget(resultSpinNanos);
  #listening = false;
  #lookingAgain: NodeJS.Timeout | undefined;

  constructor(setup: Pick<SubmitterSetup, "memory" | "index" | "spins">, results: Results) {
    this.#setup = setup;
    this.#results = results;
  }

  /** From now on until none is wanted; called again when another is. */
  listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    void this.#collectUntilIdle();
  }

  async #collectUntilIdle(): Promise<void> {
    const { memory, index } = this.#setup;
    const { words } = memory;
    const doorbell = memory.submitter(index, submitterField.doorbell);
    const asleep = memory.submitter(index, submitterField.asleep);
    while (this.#results.awaited() > 0) {
      if (this.#results.collect() > 0 || (await this.#spin())) {
        await continuationsRun();
        continue;
      }
      step("load", "doorbell", index);
      const seen = Atomics.load(words, doorbell);
      step("store", "asleep", index);
      // Set the flag, look again, then wait: pairs with ringDoorbell, which pushes first and reads the flag after.
      Atomics.store(words, asleep, 1);
      if (this.#results.collect() === 0) {
        if (takeUnrung(memory, index)) this.#lookAgainLater();
        step("wait", "doorbell", index);
        await waits.waitAsync(words, doorbell, seen, Infinity);
      } else {
        step("store", "asleep", index);
        Atomics.store(words, asleep, 0);
        await continuationsRun();
      }
    }
    Atomics.store(words, asleep, 0);
    this.#listening = false;
  }

  /** The timer keeps no process alive: threads that have events do. */
  #lookAgainLater(): void {
    if (this.#lookingAgain !== undefined) return;
    const asked = performance.now();
    this.#lookingAgain = setTimeout(() => {
      this.#lookingAgain = undefined;
      this.#results.collect();
      // Timers count from the loop's last turn, which may be long ago: then this one was too short.
      if (performance.now() - asked < lookAgainMillis / 2) this.#lookAgainLater();
    }, lookAgainMillis).unref();
  }

  /** Looks for results for a moment, the event loop turning meanwhile; true when some were found, and are settled. */
  async #spin(): Promise<boolean> {
    const { memory, spins } = this.#setup;
    // Where the pool's threads keep all processors busy, looking takes the time from them.
    const isRoom = Math.min(this.#results.awaited(), threadsAwake(memory)) < processors;
    const until = spins && isRoom ? this.#spinBudget.until() : undefined;
    if (until === undefined) return false;
    do {
      await continuationsRun();
      if (this.#results.collect() > 0) return this.#spinBudget.ended(true);
    } while (process.hrtime.bigint() < until);
    return this.#spinBudget.ended(false);
  }
}

/**
 * What just settled may submit again, several microtasks from now: going to sleep before that costs a wake-up for each
 * event (measured).
 */
function continuationsRun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
