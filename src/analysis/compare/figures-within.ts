// What a trace says of the blocks in it: of the pool threads' time within them, how much went into waiting for locks, and
// how long each handler's service took.

import type { Trace } from "../../trace/trace.ts";
import { distributionOf } from "../distribution.ts";
import { eventLives } from "../latency.ts";
import { handlerName } from "../sites.ts";
import { lockUseOf } from "../waits.ts";

export interface Window {
  readonly start: number;
  readonly end: number;
}

export interface TraceFigures {
  /** Shares of all pool threads' time, by lock. */
  readonly lockWait: Readonly<Record<string, number>>;
  /** Median service time in nanoseconds, by handler. */
  readonly service: Readonly<Record<string, number>>;
}

export function figuresWithin(trace: Trace, windows: readonly Window[]): TraceFigures {
  return { lockWait: lockWaitWithin(trace, windows), service: serviceWithin(trace, windows) };
}

function lockWaitWithin(trace: Trace, windows: readonly Window[]): Record<string, number> {
  const threads = trace.tables.threads.filter(({ kind }) => kind === "pool");
  const seats = new Set(threads.map(({ index }) => index)).size;
  const time = seats * windows.reduce((sum, { start, end }) => sum + end - start, 0);
  const names = new Map(trace.tables.locks.map(({ index, name }) => [index, name]));
  const shares: Record<string, number> = {};
  for (const wait of lockUseOf(trace).waits) {
    const name = names.get(wait.lock) ?? "?";
    const nanos = windows.reduce((sum, window) => sum + overlap(wait, window), 0);
    if (time > 0 && nanos > 0) shares[name] = (shares[name] ?? 0) + nanos / time;
  }
  return shares;
}

function overlap(first: Window, second: Window): number {
  return Math.max(0, Math.min(first.end, second.end) - Math.max(first.start, second.start));
}

function serviceWithin(trace: Trace, windows: readonly Window[]): Record<string, number> {
  const durations = new Map<string, number[]>();
  for (const { handler, started, ended } of eventLives(trace).lives.values()) {
    if (started === undefined || ended === undefined) continue;
    if (!windows.some(({ start, end }) => started >= start && ended <= end)) continue;
    const name = handlerName(trace, handler);
    const known = durations.get(name);
    if (known === undefined) durations.set(name, [ended - started]);
    else known.push(ended - started);
  }
  return Object.fromEntries(
    [...durations].map(([name, values]) => [name, distributionOf(values).p50]),
  );
}
