// When events are submitted. Closed loop: the next one when one of K has settled. Open loop: at intended times, whatever the
// pool does; one that is late is submitted at once and never skipped, so that a stall can't hide (coordinated omission).

import type { Arrival } from "../protocol/run-configuration.ts";

/** Milliseconds from one intended submission to the next. `random` is from 0 up to 1. */
export function nextInterval(arrival: Arrival & { kind: "open" }, random: () => number): number {
  const mean = 1000 / arrival.perSecond;
  return arrival.spacing === "constant" ? mean : -Math.log(1 - random()) * mean;
}

export interface Limits {
  /** Milliseconds, 0 for none. */
  readonly duration: number;
  /** 0 for none. */
  readonly events: number;
}

export function isOver(limits: Limits, elapsedMillis: number, submitted: number): boolean {
  if (limits.events > 0 && submitted >= limits.events) return true;
  return limits.duration > 0 && elapsedMillis >= limits.duration;
}
