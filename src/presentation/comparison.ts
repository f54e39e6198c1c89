// How a run stands against the one of the same module before it. One run each is no proof, and the sentence says so.

import type { Report } from "../analysis/report.ts";
import { count, percent } from "./format.ts";

/** Undefined when the runs can't be set beside each other. */
export function comparisonOf(before: Report, after: Report): string | undefined {
  if (before.run.module !== after.run.module) return undefined;
  const worst = before.hotspots[0];
  const rates = `${count(before.events.throughput)} → ${count(after.events.throughput)} events/s`;
  const lock =
    worst === undefined
      ? ""
      : `waiting for lock "${worst.lock}" ${percent(worst.share)} → ` +
        `${percent(shareOf(after, worst.lock))} of thread time, `;
  const changed = differing(before, after);
  const caution = changed === "" ? "" : ` The runs also differ in ${changed}.`;
  return `Against the run before: ${lock}${rates}. One run each: noise is not ruled out.${caution}`;
}

function shareOf(report: Report, lock: string): number {
  return report.hotspots.find((hotspot) => hotspot.lock === lock)?.share ?? 0;
}

function differing(before: Report, after: Report): string {
  const differences = [];
  if (before.run.threads !== after.run.threads) differences.push("threads");
  if (before.run.model !== after.run.model) differences.push("concurrency model");
  if (before.run.promotion !== after.run.promotion) differences.push("promotion");
  if (before.run.nodeVersion !== after.run.nodeVersion) differences.push("Node version");
  return differences.join(", ");
}
