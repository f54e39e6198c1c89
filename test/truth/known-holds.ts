// Holds and waits whose times the handlers took themselves, beside what the trace says of the same: for the test of what must
// always be so, and for the benchmark of how close it is.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { lockUseOf, type LockHold, type LockWait } from "../../src/analysis/waits.ts";
import { codeOf } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { startTracedPool } from "../support/traced-pool.ts";

export const truthModule: string = resolve("test/fixtures/handlers/truth.ts");

/** Nanoseconds from the trace's start, as the handler took them. */
export interface KnownHold {
  readonly asking: number;
  readonly got: number;
  readonly releasing: number;
  readonly released: number;
  readonly hold: LockHold;
  /** Undefined when the lock was free. */
  readonly wait: LockWait | undefined;
}

export interface KnownHolds {
  readonly trace: Trace;
  readonly known: readonly KnownHold[];
}

export async function knownHolds(threads: number, events: number): Promise<KnownHolds> {
  const { pool, end } = await startTracedPool({ threads }, truthModule);
  const told = await Promise.all(
    Array.from({ length: events }, (_, index) =>
      pool.submit({ type: "hold", payload: { micros: 50 + (index % 7) * 150 } }),
    ),
  );
  await pool.close();
  const trace = end();
  const use = lockUseOf(trace);
  const turns = turnsOf(trace);
  const known = (told as readonly Told[]).map(({ event, thread, moments }): KnownHold => {
    const turn = turns.get(event);
    const [asking = 0, got = 0, releasing = 0, released = 0] = moments.map((moment) =>
      inTrace(trace, moment),
    );
    const isOwn = (each: LockHold | LockWait): boolean =>
      each.thread === thread && each.turn === turn;
    const [hold, ...others] = use.holds.filter(isOwn);
    assert.ok(hold !== undefined && others.length === 0, `event ${event} has one hold`);
    return { asking, got, releasing, released, hold, wait: use.waits.find(isOwn) };
  });
  return { trace, known };
}

interface Told {
  readonly event: number;
  readonly thread: number;
  readonly moments: readonly string[];
}

export function inTrace(trace: Trace, moment: string): number {
  return Number(BigInt(moment) - BigInt(trace.header.startNanos));
}

/** By event: the number of its turn. */
export function turnsOf(trace: Trace): ReadonlyMap<number, number> {
  const turns = new Map<number, number>();
  for (const { events } of trace.threads) {
    for (let index = 0; index < events.length; index++) {
      if (events.code[index] === codeOf("handlerStarted")) {
        turns.set(events.a[index] ?? 0, events.turn[index] ?? 0);
      }
    }
  }
  return turns;
}
