// Every event of the trace as a row of times, by event number: for the events tab, the histograms and the details of a
// slice. NaN where something did not happen or was not recorded.

import type { Trace } from "../trace/trace.ts";
import { codeOf, type EventKind } from "../trace/event-kind.ts";
import { outcomes, type Outcome } from "../trace/outcome.ts";
import { waitEnds, waitStarts } from "../trace/wait-kinds.ts";

export interface EventTable {
  /** Event numbers that occur, ascending. */
  readonly events: Int32Array;
  /** The rest by event number. */
  readonly handler: Int32Array;
  /** Thread of the last run of its handler, -1 when it never ran. */
  readonly thread: Int32Array;
  readonly submitted: Float64Array;
  readonly selected: Float64Array;
  readonly started: Float64Array;
  readonly ended: Float64Array;
  readonly settled: Float64Array;
  readonly lockWait: Float64Array;
  /** Index into `outcomes` plus one, 0 while open. */
  readonly outcome: Uint8Array;
}

const submitted = codeOf("eventSubmitted");
const shed = codeOf("eventShed");
const selected = codeOf("eventSelected");
const started = codeOf("handlerStarted");
const ended = codeOf("handlerEnded");
const failed = codeOf("handlerFailed");
const settled = codeOf("settled");
const startsOfWaits = new Set((Object.keys(waitStarts) as EventKind[]).map(codeOf));
const endsOfWaits = new Set([...waitEnds].map(codeOf));
const aboutEvents = new Set([submitted, shed, selected, started, ended, failed, settled]);

export function eventTable(trace: Trace): EventTable {
  const table = emptyTable(largestEvent(trace) + 1);
  const seen = new Uint8Array(table.handler.length);
  for (const { thread, events } of trace.threads) {
    const eventOfTurn = new Map<number, number>();
    const waitSince = new Map<number, number>();
    for (let index = 0; index < events.length; index++) {
      const code = events.code[index] ?? 0;
      const time = events.time[index] ?? 0;
      const turn = events.turn[index] ?? 0;
      if (startsOfWaits.has(code)) waitSince.set(turn, time);
      else if (endsOfWaits.has(code)) {
        const event = eventOfTurn.get(turn);
        const since = waitSince.get(turn);
        if (event !== undefined && since !== undefined) {
          table.lockWait[event] = (table.lockWait[event] ?? 0) + time - since;
        }
      }
      if (!aboutEvents.has(code)) continue;
      const event = events.a[index] ?? 0;
      if (event < 0) continue;
      seen[event] = 1;
      table.handler[event] = events.b[index] ?? 0;
      if (code === submitted) table.submitted[event] = time;
      else if (code === selected) table.selected[event] = time;
      else if (code === started) {
        table.started[event] = time;
        table.thread[event] = thread;
        eventOfTurn.set(turn, event);
      } else if (code === ended || code === failed) table.ended[event] = time;
      else {
        table.settled[event] = time;
        table.outcome[event] =
          1 + (code === shed ? outcomes.indexOf("shed") : (events.small[index] ?? 0));
      }
    }
  }
  const numbers: number[] = [];
  for (let event = 0; event < seen.length; event++) if (seen[event] === 1) numbers.push(event);
  return { ...table, events: Int32Array.from(numbers) };
}

export function outcomeOf(table: EventTable, event: number): Outcome | undefined {
  return outcomes[(table.outcome[event] ?? 0) - 1];
}

/** From submit to settled; NaN while it is open. */
export function totalOf(table: EventTable, event: number): number {
  return (table.settled[event] ?? Number.NaN) - (table.submitted[event] ?? Number.NaN);
}

/** Damage may claim any number: no table is larger than four times what the trace could hold. */
function largestEvent(trace: Trace): number {
  let records = 0;
  let largest = 0;
  for (const { events } of trace.threads) {
    records += events.length;
    for (let index = 0; index < events.length; index++) {
      if (!aboutEvents.has(events.code[index] ?? 0)) continue;
      largest = Math.max(largest, events.a[index] ?? 0);
    }
  }
  return Math.min(largest, 4 * records + 1_000_000);
}

function emptyTable(length: number): EventTable {
  const times = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    events: new Int32Array(0),
    handler: new Int32Array(length),
    thread: new Int32Array(length).fill(-1),
    submitted: times(),
    selected: times(),
    started: times(),
    ended: times(),
    settled: times(),
    lockWait: new Float64Array(length),
    outcome: new Uint8Array(length),
  };
}
