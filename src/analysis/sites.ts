// Indexes of the trace's tables to what a person reads. An index outside its table is named as unknown, never thrown on.

import type { Trace } from "../trace/trace.ts";
import type { Site } from "./report.ts";

export function siteOf(trace: Trace, site: number): Site | undefined {
  const row = trace.tables.sites[site];
  if (row === undefined || row.line === 0) return undefined;
  return { file: row.file, line: row.line, column: row.column, function: row.function };
}

/** Rules ask for each of their causes: a table of names is made once. */
const knownNames = new WeakMap<Trace, ReadonlyMap<number, string>>();

export function lockNames(trace: Trace): (lock: number) => string {
  const names =
    knownNames.get(trace) ?? new Map(trace.tables.locks.map((row) => [row.index, row.name]));
  knownNames.set(trace, names);
  return (lock) => names.get(lock) ?? `lock ${lock}`;
}

export function handlerName(trace: Trace, handler: number): string {
  return trace.tables.handlers[handler]?.name ?? `handler ${handler}`;
}

export function isPoolThread(trace: Trace, thread: number): boolean {
  return trace.tables.threads.some((row) => row.index === thread && row.kind === "pool");
}
