// The steps of closing a pool, each within a bound: wait for what was accepted, then end the threads, by force if need be.

import type { CloseOptions, PoolCounts } from "../pool-front.ts";
import type { Seat } from "./pool-seat.ts";

const lookEveryMillis = 2;
/** Even when the time is over, threads get a moment to leave by themselves. */
const leastMillis = 100;
/** A thread that is ended by force dies at once, unless it is inside a call of the system's or of a library's: it is not waited for. */
const dyingMillis = 1000;
const defaultMillis = 10_000;
/** The longest that a timer takes. */
export const longestMillis = 2 ** 31 - 1;

export interface CheckedCloseOptions {
  readonly pending: "drain" | "cancel";
  readonly withinMillis: number;
}

/** Throws a RangeError that says what was given and what is allowed. */
export function checkCloseOptions(options: CloseOptions): CheckedCloseOptions {
  const { pending = "drain", withinMillis = defaultMillis } = options;
  if (pending !== "drain" && pending !== "cancel") {
    const given = JSON.stringify(pending);
    throw new RangeError(`close: pending ${given} is not allowed; give "drain" or "cancel".`);
  }
  if (typeof withinMillis !== "number" || !(withinMillis >= 0)) {
    const given = typeof withinMillis === "number" ? withinMillis : JSON.stringify(withinMillis);
    throw new RangeError(
      `close: withinMillis ${given} is not allowed; give milliseconds from 0 on.`,
    );
  }
  return { pending, withinMillis: Math.min(withinMillis, longestMillis) };
}

/** What a pool's close was asked for; whoever asks again can only hasten it. */
export class Closing {
  /** On performance.now's clock. */
  #until: number;
  #drains: boolean;

  constructor({ pending, withinMillis }: CheckedCloseOptions) {
    this.#until = performance.now() + withinMillis;
    this.#drains = pending === "drain";
  }

  hasten({ pending, withinMillis }: CheckedCloseOptions): void {
    this.#until = Math.min(this.#until, performance.now() + withinMillis);
    if (pending === "cancel") this.#drains = false;
  }

  get drains(): boolean {
    return this.#drains;
  }

  get until(): number {
    return this.#until;
  }
}

export async function settledBefore(counts: () => PoolCounts, closing: Closing): Promise<void> {
  const settled = (): boolean => counts().submitted === counts().settled;
  await waitFor(
    () => settled() || !closing.drains,
    () => closing.until,
  );
}

/**
 * Waits for the threads to leave; `force` hears of each that did not in time, and is to end it. The threads that are there still when
 * this ends don't die.
 */
export async function endThreads(
  threads: () => readonly Seat[],
  closing: Closing,
  force: (seat: Seat) => void,
): Promise<void> {
  const gone = (): boolean => threads().length === 0;
  const least = performance.now() + leastMillis;
  await waitFor(gone, () => Math.max(least, closing.until));
  for (const seat of threads()) force(seat);
  const most = performance.now() + dyingMillis;
  await waitFor(gone, () => most);
}

async function waitFor(condition: () => boolean, until: () => number): Promise<void> {
  while (!condition() && performance.now() < until()) {
    await new Promise((resolve) => {
      setTimeout(resolve, lookEveryMillis);
    });
  }
}
