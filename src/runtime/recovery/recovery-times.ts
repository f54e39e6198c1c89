// How long the pool was a thread short: from a thread's loss (its exit, or being told to end while it hung) until another has
// joined for it. The first to join ends the oldest loss. The newest thousand are kept.

const kept = 1000;

import type { RecoveryFigures } from "../pool-front.ts";

export class RecoveryTimes {
  readonly #open: number[] = [];
  readonly #millis: number[] = [];
  #count = 0;

  /** Moments are on performance.now's clock. */
  lost(moment: number): void {
    this.#open.push(moment);
  }

  joined(moment: number): void {
    const since = this.#open.shift();
    if (since === undefined) return;
    this.#millis[this.#count++ % kept] = moment - since;
  }

  figures(): RecoveryFigures {
    const sorted = this.#millis.toSorted((first, second) => first - second);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { count: this.#count, p50Millis: at(0.5), p99Millis: at(0.99) };
  }
}
