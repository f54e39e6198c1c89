// One page of the events tab: rows in order of submission, or slowest first.

import type { EventOrder, EventPage, EventRow } from "../protocol/panel-state.ts";
import type { TimelineHead } from "../protocol/timeline.ts";
import { outcomeOf, totalOf, type EventTable } from "./event-table.ts";
import { duration } from "./format.ts";

export const eventsInPage = 100;

/** Event numbers in the order asked for; events that never settled come last among the slowest. */
export function orderEvents(table: EventTable, order: EventOrder): Int32Array {
  const key = (event: number): number => {
    const value = order === "time" ? (table.submitted[event] ?? 0) : -totalOf(table, event);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const keys = new Map<number, number>();
  for (const event of table.events) keys.set(event, key(event));
  return table.events.slice().sort((first, second) => {
    const [one = 0, other = 0] = [keys.get(first), keys.get(second)];
    return one === other ? first - second : one - other;
  });
}

export function eventPage(
  table: EventTable,
  ordered: Int32Array,
  from: number,
  head: TimelineHead,
): EventPage {
  const rows = [...ordered.subarray(from, from + eventsInPage)];
  return {
    from,
    total: ordered.length,
    rows: rows.map((event) => eventRow(table, event, head)),
  };
}

function eventRow(table: EventTable, event: number, head: TimelineHead): EventRow {
  const time = (column: Float64Array): number => column[event] ?? Number.NaN;
  const thread = table.thread[event] ?? -1;
  const lane = head.lanes.findIndex((each) => each.thread === thread);
  const start = firstNumber(time(table.started), time(table.submitted), 0);
  const end = firstNumber(time(table.ended), time(table.settled), start);
  return {
    event,
    handler: head.handlers[table.handler[event] ?? 0] ?? "unknown handler",
    thread: head.lanes[lane]?.name ?? "never ran",
    submitted: text(time(table.submitted)),
    queueWait: text(time(table.selected) - time(table.submitted)),
    service: text(time(table.ended) - time(table.started)),
    lockWait: text(time(table.lockWait)),
    total: text(totalOf(table, event)),
    outcome: outcomeOf(table, event) ?? "open",
    interval: { start, end },
    lane,
  };
}

function firstNumber(...values: readonly number[]): number {
  return values.find((value) => !Number.isNaN(value)) ?? 0;
}

function text(nanos: number): string {
  return Number.isNaN(nanos) ? "–" : duration(Math.max(0, nanos));
}
