// One state of a trace, read and made ready: everything that the panel may ask of it. Costly parts are made when first
// asked for.

import { analyze } from "../analysis/analyze.ts";
import type { Report } from "../analysis/report.ts";
import { turnWaits, type TurnWait } from "../analysis/turn-waits.ts";
import { lockUseOf, type LockUse } from "../analysis/waits.ts";
import { detailsOf } from "../presentation/details.ts";
import { eventPage, orderEvents } from "../presentation/event-page.ts";
import { eventTable, type EventTable } from "../presentation/event-table.ts";
import { histograms, type Histogram } from "../presentation/histogram.ts";
import { shownHandlers } from "../presentation/panel-state.ts";
import { rangeFigures } from "../presentation/timeline/range-figures.ts";
import { neighbourOf, sliceAt } from "../presentation/timeline/slice-at.ts";
import { tileOf } from "../presentation/timeline/tile.ts";
import { headOf, timelineOf, type Timeline } from "../presentation/timeline/timeline.ts";
import type { EventOrder } from "../protocol/panel-state.ts";
import type { Tile, TimelineHead } from "../protocol/timeline.ts";
import { decodeFile } from "../session/decode-file.ts";
import type { Provenance } from "../session/trust/provenance.ts";
import type { Trace } from "../trace/trace.ts";
import type { TraceQuestion } from "./trace-thread-messages.ts";

export type ReadTrace =
  | { readonly kind: "read"; readonly loaded: LoadedTrace; readonly provenance: Provenance }
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

export class LoadedTrace {
  readonly trace: Trace;
  readonly report: Report;
  readonly head: TimelineHead;
  readonly #timeline: Timeline;
  readonly #table: EventTable;
  readonly #orders = new Map<EventOrder, Int32Array>();
  #use: LockUse | undefined;
  #waits: readonly TurnWait[] | undefined;

  constructor(trace: Trace, report: Report, revision: number) {
    this.trace = trace;
    this.report = report;
    this.#timeline = timelineOf(trace);
    this.#table = eventTable(trace);
    this.head = headOf(this.#timeline, trace, revision);
  }

  histograms(): Map<string, Histogram> {
    return histograms(this.#table, this.head.handlers, shownHandlers(this.report));
  }

  tile(level: number, index: number, running: boolean): Tile {
    return tileOf(this.#timeline, level, index, { revision: this.head.revision, running });
  }

  answer(question: TraceQuestion): unknown {
    switch (question.kind) {
      case "details":
        return this.#details(sliceAt(this.#timeline, question.place));
      case "neighbour":
        return this.#details(neighbourOf(this.#timeline, question.place, question.direction));
      case "range":
        return rangeFigures(this.#timeline, question.from, question.to);
      case "events":
        return this.#events(question.from, question.order);
    }
  }

  #details(slice: ReturnType<typeof sliceAt>): unknown {
    if (slice === undefined) return null;
    this.#use ??= lockUseOf(this.trace);
    this.#waits ??= turnWaits(this.trace);
    const { trace, head } = this;
    return detailsOf(
      { trace, head, use: this.#use, waits: this.#waits, table: this.#table },
      slice,
    );
  }

  #events(from: number, order: EventOrder): unknown {
    const ordered = this.#orders.get(order) ?? orderEvents(this.#table, order);
    this.#orders.set(order, ordered);
    return eventPage(this.#table, ordered, from, this.head);
  }
}

export function loadTrace(path: string, revision: number): ReadTrace {
  const file = decodeFile(path, "");
  if (file.kind === "unreadable") return file;
  const { trace, problems, provenance } = file;
  const loaded = new LoadedTrace(trace, analyze(trace, problems), revision);
  return { kind: "read", loaded, provenance };
}
