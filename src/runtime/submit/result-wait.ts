// How a submitter waits for results: it looks for them for a short while, its event loop turning meanwhile, then sleeps until its
// doorbell rings.

import { availableParallelism } from "node:os";
// The global of that name is a lazy getter, called anew each time; this binding is not.
import { performance } from "node:perf_hooks";
import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { announcedUnrung, withdrawUnrung } from "../memory/completion-list.ts";
import { submitterField } from "../memory/memory-fields.ts";
import { threadsAwake } from "../promotion/leadership.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

/**
 * Being woken costs the pool thread that rings and this one about as much CPU time as looking for so long: by the rule of
 * competitive spinning (Karlin et al., 1991) looking first never costs more than twice the better choice.
 */
const resultSpinNanos = 20_000n;

/** By then, and by half of it, all is there that threads left unrung after they had announced it: see completion-list.ts. */
const lookAgainMillis = 1;

const processors = availableParallelism();

export interface Results {
  /** Settles what has completed; returns how many. */
  collect(): number;
  /** How many are still to come. */
  awaited(): number;
}

export class ResultWait {
  readonly #setup: Pick<SubmitterSetup, "memory" | "index" | "spins" | "awaits">;
  readonly #results: Results;
  readonly #spinBudget = new SpinBudget(resultSpinNanos);
  #listening = false;
  /** The announcement after which results are looked for without a doorbell, and since when it is known. */
  #announced = 0;
  #announcedMillis = 0;
  #looksAgain = false;

  constructor(
    setup: Pick<SubmitterSetup, "memory" | "index" | "spins" | "awaits">,
    results: Results,
  ) {
    this.#setup = setup;
    this.#results = results;
  }

  /** From now on until none is wanted; called again when another is. */
  listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#setup.awaits?.();
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
        this.#lookAgainAfter(announcedUnrung(memory, index));
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
  #lookAgainAfter(announced: number): void {
    if (announced === 0) return;
    if (announced !== this.#announced) this.#announcedMillis = performance.now();
    this.#announced = announced;
    if (this.#looksAgain) return;
    this.#looksAgain = true;
    setTimeout(() => this.#lookAgain(), lookAgainMillis).unref();
  }

  #lookAgain(): void {
    const { memory, index } = this.#setup;
    this.#looksAgain = false;
    const announced = announcedUnrung(memory, index);
    // Timers count from the loop's last turn, which may be long ago: then this one was too short.
    const isDue = performance.now() - this.#announcedMillis >= lookAgainMillis / 2;
    if (announced !== this.#announced || !isDue) this.#lookAgainAfter(announced);
    else if (withdrawUnrung(memory, index, announced)) this.#announced = 0;
    else this.#lookAgainAfter(announcedUnrung(memory, index));
    this.#results.collect();
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
