// How an accepted event can end, and how a wait can end. Codes stand in traces and slot words: never reuse one.

/** Each accepted event has exactly one of these. */
export const outcomes = ["completed", "failed", "cancelled", "shed", "dead-lettered"] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeCode: Readonly<Record<Outcome, number>> = {
  completed: 0,
  failed: 1,
  cancelled: 2,
  shed: 3,
  "dead-lettered": 4,
};

/** `abandoned`: acquired from an owner that died. `deadlock`: refused because the wait would close a cycle. */
export const waitOutcomes = [
  "acquired",
  "timed-out",
  "abandoned",
  "deadlock",
  "cancelled",
] as const;
export type WaitOutcome = (typeof waitOutcomes)[number];

/** How a lock is held. Permits of a semaphore are shared. */
export const lockModes = ["exclusive", "shared"] as const;
