// The verdict of a comparison, in one sentence that a person can act on.

import type { ComparedFigure, Metric } from "../analysis/compare/compare-pairs.ts";
import { confidence, type Decision, type MeasuredChange } from "../analysis/compare/decide.ts";
import type { HandlerResults } from "../analysis/compare/same-results.ts";
import type { ComparisonVerdict } from "../protocol/comparison.ts";
import { count, duration, percent } from "./format.ts";

const metricNames: Readonly<Record<Metric, string>> = {
  throughput: "throughput",
  p50: "p50",
  p99: "p99",
  "lock-wait": "lock wait",
};

export function verdictOf(
  decision: Decision,
  differing: readonly HandlerResults[],
): ComparisonVerdict {
  if (differing.length > 0) return "results-differ";
  if (decision.kind === "better") return "faster";
  return decision.kind === "worse" ? "slower" : decision.kind;
}

export function comparisonSentence(
  metric: Metric,
  decision: Decision,
  figure: ComparedFigure,
  differing: readonly HandlerResults[],
): string {
  const speed = speedSentence(metric, decision, figure);
  const [worst] = [...differing].sort((first, second) => second.differing - first.differing);
  if (worst === undefined) return speed;
  return (
    `Results differ: ${worst.handler} gives other results for ${percent(worst.differing)} of the same events. ` +
    `(Apart from that: ${speed.charAt(0).toLowerCase()}${speed.slice(1)})`
  );
}

function speedSentence(metric: Metric, decision: Decision, figure: ComparedFigure): string {
  const { change } = decision;
  const name = metricNames[metric];
  const { before, after } = figure;
  const figures = `${valueText(figure, before)} → ${valueText(figure, after)}`;
  const interval = `${Math.round(confidence * 100)} % interval ${intervalText(change)}, ${change.pairs} pairs`;
  switch (decision.kind) {
    case "better":
    case "worse":
      return `${headline(metric, decision)}: ${figures} (${interval}).`;
    case "no-difference":
      return `No difference beyond ${percent(decision.margin)}: ${name} ${figures} (${interval}).`;
    case "could-not-tell":
      return (
        `Could not tell: ${name} ${figures} (${interval}); ` +
        `a change of ${percent(change.visible)} would have been seen.`
      );
  }
}

function headline(metric: Metric, { kind, change }: Decision): string {
  const size = percent(Math.abs(change.estimate));
  const isBetter = kind === "better";
  if (metric === "throughput") return `${size} ${isBetter ? "faster" : "slower"}`;
  if (metric === "lock-wait") return `${isBetter ? "Less" : "More"} waiting for locks`;
  return `${isBetter ? "Faster" : "Slower"}: ${metricNames[metric]} ${size} ${isBetter ? "shorter" : "longer"}`;
}

export function valueText({ name }: ComparedFigure, value: number): string {
  if (name.kind === "throughput") return `${count(value)} events/s`;
  if (name.kind === "lock-wait" || name.kind === "lock") return `${percent(value)} of thread time`;
  return duration(value);
}

/** "+10 % to +14 %" */
export function intervalText({ low, high }: Pick<MeasuredChange, "low" | "high">): string {
  return `${signedPercent(low)} to ${signedPercent(high)}`;
}

export function signedPercent(share: number): string {
  if (!Number.isFinite(share)) return share > 0 ? "any rise" : "any fall";
  if (share > 9) return `× ${count(share + 1)}`;
  const sign = share < 0 ? "−" : "+";
  return `${sign}${percent(Math.abs(share))}`;
}
