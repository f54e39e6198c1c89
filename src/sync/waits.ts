// The one place through which threads block and wake each other. Tests and a scheduler of ours replace it whole; nothing in
// runtime or sync calls Atomics.wait, waitAsync or notify itself.

export type WaitResult = "ok" | "not-equal" | "timed-out";

export interface Waits {
  /** Blocks the calling thread while words[index] is `expected`; `timeoutMillis` may be Infinity. */
  wait(words: Int32Array, index: number, expected: number, timeoutMillis: number): WaitResult;
  /** The same for the event loop: resolves at once when the word differs already. */
  waitAsync(
    words: Int32Array,
    index: number,
    expected: number,
    timeoutMillis: number,
  ): WaitResult | Promise<WaitResult>;
  /** Wakes up to `count` waiters and returns how many it woke. */
  notify(words: Int32Array, index: number, count: number): number;
}

// Taken once: what handlers call Atomics for is watched by replacing these (see runtime/watch), the pool's own is not.
const { wait, waitAsync, notify } = Atomics;

const realWaits: Waits = {
  wait: (words, index, expected, timeoutMillis) => wait(words, index, expected, timeoutMillis),
  waitAsync: (words, index, expected, timeoutMillis) =>
    waitAsync(words, index, expected, timeoutMillis).value,
  notify: (words, index, count) => notify(words, index, count),
};

// A mutable binding on purpose: every caller goes through it, so that replacing it replaces all.
export let waits: Waits = realWaits;

/** Undefined puts the real ones back. */
export function replaceWaits(replacement: Waits | undefined): void {
  waits = replacement ?? realWaits;
}
