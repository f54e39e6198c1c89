// Each accepted event has exactly one outcome: found in the trace, where nothing of it was lost.

import type { Trace } from "../trace/trace.ts";
import type { EventLives } from "./latency.ts";
import type { Breach } from "./report.ts";

const mostNamed = 5;

/** A cut trace, or one with dropped records, can't tell an event without outcome from one whose record is missing. */
export function outcomeBreaches(trace: Trace, { lives }: EventLives): Breach[] {
  const dropped = trace.threads.some((thread) => thread.dropped > 0);
  if (trace.footer === undefined || dropped) return [];
  const breaches: Breach[] = [];
  for (const [event, life] of lives) {
    if (life.settledTimes === 1) continue;
    const times = life.settledTimes === 0 ? "no outcome" : `${life.settledTimes} outcomes`;
    const sentence = `Event ${event} has ${times}.`;
    breaches.push({ invariant: "outcome", at: life.submitted ?? 0, thread: -1, sentence });
    if (breaches.length === mostNamed) break;
  }
  return breaches;
}
