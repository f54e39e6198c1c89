// Two saved runs side by side. One run each proves nothing, and the sentence says so.

import type { Report } from "../analysis/report.ts";
import type { ComparedMetric, ComparisonResult, ComparisonRow } from "../protocol/comparison.ts";
import { comparisonOf } from "./comparison.ts";
import { signedPercent } from "./comparison-sentence.ts";
import { count, duration, percent } from "./format.ts";

const shownHandlers = 4;
const shownLocks = 4;

export interface RecordedRun {
  readonly report: Report;
  readonly path: string;
}

export function recordedComparison(
  before: RecordedRun,
  after: RecordedRun,
  metric: ComparedMetric,
): ComparisonResult {
  const version = ({ report, path }: RecordedRun): ComparisonResult["before"] => ({
    label: `${report.run.module} as recorded ${report.run.startedAt}`,
    trace: path,
  });
  const modules =
    before.report.run.module === after.report.run.module
      ? []
      : [`The traces are of two modules: ${before.report.run.module}, ${after.report.run.module}.`];
  return {
    version: 1,
    verdict: "as-recorded",
    sentence:
      comparisonOf(before.report, after.report) ??
      "Two runs of different modules, side by side. One run each: noise is not ruled out.",
    metric,
    change: undefined,
    before: version(before),
    after: version(after),
    rows: rowsOf(before.report, after.report),
    notes: [
      ...modules,
      "To know whether the code made the difference, compare live: poolscope compare TRACE MODULE.",
    ],
  };
}

function rowsOf(before: Report, after: Report): ComparisonRow[] {
  const handlers = before.latency.slice(0, shownHandlers).flatMap(({ handler, total }) => {
    const then = after.latency.find((each) => each.handler === handler)?.total;
    return [
      row(`p50 of ${handler}`, duration, total.p50, then?.p50),
      row(`p99 of ${handler}`, duration, total.p99, then?.p99),
    ];
  });
  const locks = before.hotspots.slice(0, shownLocks).map(({ lock, share }) => {
    const then = after.hotspots.find((each) => each.lock === lock)?.share ?? 0;
    return row(`Waiting for lock "${lock}"`, percent, share, then);
  });
  const { throughput } = before.events;
  return [row("Throughput", rate, throughput, after.events.throughput), ...handlers, ...locks];
}

function row(
  label: string,
  text: (value: number) => string,
  first: number | undefined,
  second: number | undefined,
): ComparisonRow {
  const isBoth = first !== undefined && second !== undefined && first !== 0;
  return {
    label,
    before: first === undefined ? "none" : text(first),
    after: second === undefined ? "none" : text(second),
    change: isBoth ? signedPercent(second / first - 1) : "",
    tone: "plain",
  };
}

function rate(value: number): string {
  return `${count(value)} events/s`;
}
