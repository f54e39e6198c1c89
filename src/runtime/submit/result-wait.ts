// How a submitter waits for results: it looks for them for a short while, its event loop turning meanwhile, then sleeps until its
// doorbell rings.

import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { submitterField } from "../memory/pool-memory.ts";
import { SpinBudget } from "../promotion/spin-budget.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

/**
 * Being woken costs the pool thread that rings and this one about as much CPU time as looking for so long: by the rule of
 * competitive spinning (Karlin et al., 1991) looking first never costs more than twice the better choice.
 */
const resultSpinNanos = 20_000n;

export interface Results {
  /** Settles what has completed; returns how many. */
  collect(): number;
  /** Whether any are still to come. */
  isWanted(): boolean;
}

export class ResultWait {
  readonly #setup: Pick<SubmitterSetup, "memory" | "index" | "spins">;
  readonly #results: Results;
  readonly #spinBudget = new SpinBudget(resultSpinNanos);
  #listening = false;

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
    while (this.#results.isWanted()) {
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

  /** Looks for results for a moment, the event loop turning meanwhile; true when some were found, and are settled. */
  async #spin(): Promise<boolean> {
    const until = this.#setup.spins ? this.#spinBudget.until() : undefined;
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
