// What is said of one event: its handler, its outcome, where its time went, and how it stands among its kind.

import type { Details, Part } from "../protocol/panel-state.ts";
import type { TimelineHead } from "../protocol/timeline.ts";
import { outcomeOf, totalOf, type EventTable } from "./event-table.ts";
import { count, duration, percent } from "./format.ts";

export interface EventSource {
  readonly table: EventTable;
  readonly head: TimelineHead;
}

/** Empty for what is no event. */
export function eventRows({ table, head }: EventSource, event: number): Details["rows"] {
  if (!isEvent(table, event)) return [];
  const handler = head.handlers[table.handler[event] ?? 0] ?? "";
  const total = totalOf(table, event);
  const outcome = outcomeOf(table, event);
  return [
    { label: "event", value: `#${count(event)} ${handler}` },
    ...(Number.isNaN(total)
      ? []
      : [{ label: "in all", value: `${duration(total)}, ${rankOf(table, event, total)}` }]),
    ...(outcome === undefined || outcome === "completed"
      ? []
      : [{ label: "outcome", value: outcome }]),
  ];
}

/** Of the time from its submission to its outcome; empty while it has none. */
export function eventParts(table: EventTable, event: number): readonly Part[] {
  if (!isEvent(table, event)) return [];
  const time = (column: Float64Array): number => column[event] ?? Number.NaN;
  const total = totalOf(table, event);
  const service = time(table.ended) - time(table.started);
  if (!(total > 0) || Number.isNaN(service)) return [];
  const lockWait = Math.min(service, time(table.lockWait));
  const queued = Math.max(0, time(table.selected) - time(table.submitted));
  const handOver = Math.max(0, total - queued - service);
  const part = (label: string, tone: Part["tone"], nanos: number): Part => ({
    label,
    tone,
    share: nanos / total,
    text: duration(nanos),
  });
  return [
    part("queued", "queued", queued),
    part("waiting for locks", "lockWait", lockWait),
    part("running", "handler", service - lockWait),
    part("in the pool", "runtime", handOver),
  ].filter(({ share }) => share > 0);
}

function isEvent(table: EventTable, event: number): boolean {
  return event >= 1 && event < table.handler.length && !Number.isNaN(table.submitted[event]);
}

/** Among the events of its own handler. */
function rankOf(table: EventTable, event: number, total: number): string {
  const handler = table.handler[event];
  let others = 0;
  let slower = 0;
  for (const other of table.events) {
    if (table.handler[other] !== handler || other === event) continue;
    const taken = totalOf(table, other);
    if (Number.isNaN(taken)) continue;
    others++;
    if (taken >= total) slower++;
  }
  if (others === 0) return "the only one";
  if (slower === 0) return "the slowest of all";
  const share = slower / others;
  return share < 0.1
    ? `among the slowest ${percent(Math.max(share, 0.001))}`
    : `slower than ${percent(1 - share)} of them`;
}
