// What a run may cost: limits a team sets in poolscope.json, held against a report.

import { duration, percent } from "../base/figures.ts";
import type { Finding, Report } from "./report.ts";

/** One number for all, or numbers by name with "*" for the rest. */
export type Limits = number | Readonly<Record<string, number>>;

export interface Budget {
  /** 0 to 100, by rule. */
  readonly score?: Limits;
  /** Milliseconds from submit to settled, by event type. */
  readonly p99?: Limits;
  /** Percent of all pool threads' time, by lock; one number or "*" is for all locks together. */
  readonly lockWait?: Limits;
}

export interface PassedBudget {
  readonly sentence: string;
  readonly finding: Finding | undefined;
}

/** Empty when the run is within its budget. `findings` are those that count. */
export function passedBudgets(
  report: Report,
  findings: readonly Finding[],
  budget: Budget,
): PassedBudget[] {
  return [
    ...scoresAbove(findings, budget.score ?? {}),
    ...latenciesAbove(report, budget.p99 ?? {}),
    ...lockWaitsAbove(report, budget.lockWait ?? {}),
  ];
}

function limitOf(limits: Limits, name: string): number {
  if (typeof limits === "number") return limits;
  return (Object.hasOwn(limits, name) ? limits[name] : limits["*"]) ?? Infinity;
}

function scoresAbove(findings: readonly Finding[], limits: Limits): PassedBudget[] {
  return findings.flatMap((finding) => {
    const limit = limitOf(limits, finding.rule);
    if (finding.score <= limit) return [];
    const sentence = `score of ${finding.rule} is ${finding.score.toFixed(1)}, budget ${limit}: ${finding.sentence}`;
    return [{ sentence, finding }];
  });
}

function latenciesAbove({ latency }: Report, limits: Limits): PassedBudget[] {
  return latency.flatMap(({ handler, total }) => {
    const limit = limitOf(limits, handler) * 1e6;
    if (total.p99 <= limit) return [];
    const sentence = `p99 of ${handler} is ${duration(total.p99)}, budget ${duration(limit)}`;
    return [{ sentence, finding: undefined }];
  });
}

function lockWaitsAbove({ hotspots }: Report, limits: Limits): PassedBudget[] {
  const all = hotspots.reduce((sum, { share }) => sum + share, 0);
  const named = typeof limits === "number" ? {} : limits;
  const rows = [
    { name: "all locks", share: all, limit: typeof limits === "number" ? limits : limits["*"] },
    ...hotspots.map(({ lock, share }) => ({
      name: `lock "${lock}"`,
      share,
      limit: Object.hasOwn(named, lock) ? named[lock] : undefined,
    })),
  ];
  return rows.flatMap(({ name, share, limit = Infinity }) => {
    if (share * 100 <= limit) return [];
    const sentence = `waiting for ${name} takes ${percent(share)} of all thread time, budget ${limit} %`;
    return [{ sentence, finding: undefined }];
  });
}
