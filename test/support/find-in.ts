// Findings in a drawn trace, and the part of a drawing that tests of rules repeat.

import { analyze } from "../../src/analysis/analyze.ts";
import type { Finding } from "../../src/analysis/report.ts";
import { drawTrace, type DrawnThread, type DrawOptions } from "./draw-trace.ts";

export function findIn(drawn: readonly DrawnThread[], options?: DrawOptions): readonly Finding[] {
  return analyze(drawTrace(drawn, options)).findings;
}

/** The rules alone, worst first. */
export function rulesIn(drawn: readonly DrawnThread[], options?: DrawOptions): string[] {
  return findIn(drawn, options).map(({ rule }) => rule);
}

/** The same drawing again and again: what a rule needs to have seen often. */
export function repeat(times: number, drawn: readonly DrawnThread[]): DrawnThread[] {
  const width = Math.max(...drawn.map(({ roles }) => roles.length));
  const row = (text: string): string => text.padEnd(width).repeat(times);
  const rows = (of: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(of).map(([name, text]) => [name, row(text)]));
  return drawn.map(({ roles, locks, calls, awaits = "" }) => ({
    roles: row(roles),
    locks: rows(locks),
    calls: rows(calls),
    awaits: row(awaits),
  }));
}

/** Events wait all the time: throughput is what counts. */
export const saturated = { queued: 16, column: 1e6 } as const;
