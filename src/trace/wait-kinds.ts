// Between which events a turn waits for others: for a lock, for a condition or for the other parties of a barrier. The wait for a
// condition ends before the one for the lock that the condition takes back begins.

import type { EventKind } from "./event-kind.ts";

export const waitStarts = {
  lockWaitStarted: "lock",
  conditionWaitStarted: "condition",
  barrierWaitStarted: "barrier",
} as const satisfies Partial<Record<EventKind, string>>;

export const waitEnds: ReadonlySet<EventKind> = new Set([
  "lockWaitEnded",
  "conditionWaitEnded",
  "barrierWaitEnded",
]);

export type WaitKind = (typeof waitStarts)[keyof typeof waitStarts];

/** Its fields are those of lockWaitStarted, as far as it has them. */
export function startsWait(kind: EventKind): kind is keyof typeof waitStarts {
  return kind in waitStarts;
}
