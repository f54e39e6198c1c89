// A run in a line, for the list of runs.

import { largestOf } from "../base/extremes.ts";
import type { Report } from "../analysis/report.ts";
import type { RunSummary } from "../protocol/server-messages.ts";
import { count, duration, percent } from "./format.ts";

export function runSummary(path: string, report: Report): RunSummary {
  const [worst] = report.hotspots;
  const p99 = largestOf(
    report.latency.map(({ total }) => total.p99),
    0,
  );
  return {
    path,
    module: report.run.module,
    startedAt: report.run.startedAt,
    throughput: `${count(report.events.throughput)} events/s`,
    p99: `p99 ${duration(p99)}`,
    worst: worst === undefined ? "no lock wait" : `${worst.lock} ${percent(worst.share)}`,
    ended: report.run.ended,
  };
}
