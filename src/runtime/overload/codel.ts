// Admission by queue delay: CoDel (Nichols, Jacobson, RFC 8289) in the form that folly gives it for requests. While the
// shortest delay of a whole interval is above the target, a queue stands that never empties: the pool is overloaded, and
// events that have waited twice the target are shed. One interval with a delay below the target, and it is over.
//
// The state is in shared memory, since whichever thread takes an event judges it. Words race only in models without a
// leader, and then a delay may count for the interval beside its own.

import { step } from "../../sync/step.ts";
import { hot } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

const targetMicros = 5000;
const intervalMicros = 100_000;
const slackFactor = 2;

const word = {
  intervalEnd: hot.codel,
  leastDelay: hot.codel + 1,
  overloaded: hot.codel + 2,
  started: hot.codel + 3,
} as const;

export function isOverloaded({ words }: PoolMemory): boolean {
  step("load", "overloaded", 0);
  return Atomics.load(words, word.overloaded) !== 0;
}

/** One that came straight through is no reason to do with less. */
export function isLate(delayMicros: number): boolean {
  return delayMicros > targetMicros;
}

/** Called with each event that is taken from the queue: true when it is to be shed. */
export function shedsAfter({ words }: PoolMemory, delayMicros: number, nowMicros: number): boolean {
  const isOver =
    words[word.started] === 0 || ((nowMicros - (words[word.intervalEnd] ?? 0)) | 0) >= 0;
  if (isOver) {
    // One that came straight through, after a rest perhaps, is the proof that no queue stands any more.
    const least = Math.min(delayMicros, words[word.leastDelay] ?? 0);
    const stood = words[word.started] !== 0 && least > targetMicros;
    step("store", "overloaded", 0);
    // Read by every thread, to choose the degraded handlers.
    Atomics.store(words, word.overloaded, stood ? 1 : 0);
    words[word.started] = 1;
    words[word.intervalEnd] = (nowMicros + intervalMicros) | 0;
    words[word.leastDelay] = delayMicros;
    return false;
  }
  if (delayMicros < (words[word.leastDelay] ?? 0)) words[word.leastDelay] = delayMicros;
  if (delayMicros <= slackFactor * targetMicros) return false;
  step("load", "overloaded", 0);
  return Atomics.load(words, word.overloaded) !== 0;
}
