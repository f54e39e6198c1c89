// How long a wait may still take, on the context's clock.

import type { SyncContext } from "./sync-context.ts";

export interface TimeLimit {
  /** Milliseconds, 0 when over. */
  left(): number;
  error(sentence: string): Error;
}

/** NaN, too: a limit that is no number would be waited for like one of 0. */
export function checkTimeLimit(millis: number): void {
  if (millis >= 0) return;
  throw new RangeError(`A time limit is 0 or more milliseconds, not ${millis}.`);
}

export function timeLimit(context: SyncContext, millis: number): TimeLimit {
  const error = (sentence: string): Error =>
    Object.assign(new Error(`${sentence} within ${millis} ms.`), { name: "TimeoutError" });
  if (millis === Infinity) return { left: () => Infinity, error };
  const end = context.now() + BigInt(Math.ceil(millis * 1e6));
  return { left: () => Math.max(0, Number(end - context.now()) / 1e6), error };
}
