// What the runtime process tells its collector thread, and what it hears back.

import type { PoolRecording } from "../runtime/pool-observer.ts";
import type { TraceFooter, TraceHeader } from "../trace/header.ts";
import type { TableName, Tables } from "../trace/tables.ts";

/** workerData of the collector thread. */
export interface CollectorStart {
  readonly header: TraceHeader;
  readonly recording: PoolRecording;
  readonly pipe: number;
}

export type TableRows = {
  readonly [Name in TableName]: { readonly table: Name; readonly rows: Tables[Name] };
}[TableName];

export type ToCollector =
  | { readonly kind: "rows"; readonly rows: TableRows }
  /** Drains once more and sleeps, so that a run that stands still costs nothing; answered with "quiet". */
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "end"; readonly footer: Omit<TraceFooter, "endNanos"> };

export type FromCollector =
  | { readonly kind: "ended" }
  | { readonly kind: "quiet" }
  | { readonly kind: "pipe-closed" };
