// Visits a thread's events in the order of their times. Records come in the order of writing, and a hold is written when it
// ends: sorting by time puts its start where it belongs.

import { kindOf, type EventKind } from "../trace/event-kind.ts";
import { eventOrder } from "../trace/time-order.ts";
import type { ThreadEvents } from "../trace/trace.ts";

export interface SeenEvent {
  readonly time: number;
  readonly kind: EventKind;
  readonly small: number;
  readonly turn: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export function forEachEvent(thread: ThreadEvents, visit: (event: SeenEvent) => void): void {
  const { events } = thread;
  for (const index of eventOrder(events)) {
    const kind = kindOf(events.code[index] ?? 0);
    if (kind === undefined) continue;
    visit({
      time: events.time[index] ?? 0,
      kind,
      small: events.small[index] ?? 0,
      turn: events.turn[index] ?? 0,
      a: events.a[index] ?? 0,
      b: events.b[index] ?? 0,
      c: events.c[index] ?? 0,
      d: events.d[index] ?? 0,
    });
  }
}
