// Shared words by which a test decides, step by step, which of several real threads runs: one holds the baton, all others are
// stopped in a step. Waits and notifies are played on this table, so that a schedule is the same each time.

import type { Waits, WaitResult } from "../../../src/sync/waits.ts";

export const workers = 4;
export const scheduler = 0;
const entriesEach = 8;
const entryWords = 4;
export const control = { baton: 0, order: 1, scenario: 2, states: 8, entries: 32 } as const;
export const controlWords: number = control.entries + (workers + 1) * entriesEach * entryWords;

export const idle = 0;
export const running = 1;
export const blocked = 2;
export const done = 3;

/** An entry: used | index | notified | order. */
function entry(worker: number, slot: number): number {
  return control.entries + (worker * entriesEach + slot) * entryWords;
}

function isNotified(words: Int32Array, at: number): boolean {
  return words[at + 2] === 1;
}

/** Whether a blocked worker may go on: it was notified, or has a time limit. */
export function mayWake(words: Int32Array, worker: number): boolean {
  const at = entry(worker, 0);
  return isNotified(words, at) || words[at] === 2;
}

function register(words: Int32Array, worker: number, slot: number, index: number): number {
  const at = entry(worker, slot);
  words[at] = 1;
  words[at + 1] = index;
  words[at + 2] = 0;
  words[at + 3] = words[control.order] = (words[control.order] ?? 0) + 1;
  return at;
}

function notify(words: Int32Array, index: number, count: number): number {
  const waiting = Array.from({ length: (workers + 1) * entriesEach }, (_, each) => entry(0, each))
    .filter((at) => words[at] !== 0 && words[at + 1] === index && !isNotified(words, at))
    .sort((one, other) => (words[one + 3] ?? 0) - (words[other + 3] ?? 0))
    .slice(0, count);
  for (const at of waiting) words[at + 2] = 1;
  return waiting.length;
}

/** Gives the baton back to the scheduler and stops until it comes again. */
export function passBaton(words: Int32Array, worker: number): void {
  Atomics.store(words, control.baton, scheduler);
  Atomics.notify(words, control.baton);
  awaitBaton(words, worker);
}

export function awaitBaton(words: Int32Array, worker: number): void {
  for (;;) {
    const holder = Atomics.load(words, control.baton);
    if (holder === worker) return;
    Atomics.wait(words, control.baton, holder);
  }
}

/** `pass` is undefined for the scheduler itself, which only notifies. */
export function playedWaits(words: Int32Array, worker: number, pass?: () => void): Waits {
  const freeSlot = (): number => {
    for (let slot = 1; slot < entriesEach; slot++)
      if (words[entry(worker, slot)] === 0) return slot;
    throw new Error("more async waits at once than the table has room for");
  };
  return {
    wait(shared, index, expected, timeoutMillis): WaitResult {
      if (Atomics.load(shared, index) !== expected) return "not-equal";
      if (pass === undefined) throw new Error("the scheduler may not wait");
      const at = register(words, worker, 0, index);
      if (timeoutMillis !== Infinity) words[at] = 2;
      words[control.states + worker] = blocked;
      pass();
      words[control.states + worker] = running;
      words[at] = 0;
      return isNotified(words, at) ? "ok" : "timed-out";
    },
    waitAsync(shared, index, expected, timeoutMillis): WaitResult | Promise<WaitResult> {
      if (Atomics.load(shared, index) !== expected) return "not-equal";
      const at = register(words, worker, freeSlot(), index);
      return (async (): Promise<WaitResult> => {
        // A time limit passes after a few turns of the event loop.
        for (
          let looks = 0;
          !isNotified(words, at) && !(looks > 3 && timeoutMillis !== Infinity);
          looks++
        ) {
          pass?.();
          await Promise.resolve();
        }
        words[at] = 0;
        return isNotified(words, at) ? "ok" : "timed-out";
      })();
    },
    notify: (_shared, index, count) => notify(words, index, count),
  };
}
