// A live comparison as every face shows it: verdict first, both versions' figures side by side, then how it was measured and
// what should be known before it is believed.

import {
  comparePairs,
  type ComparedFigure,
  type FigureName,
} from "../analysis/compare/compare-pairs.ts";
import type { TraceFigures } from "../analysis/compare/figures-within.ts";
import { compareResults, type ResultsComparison } from "../analysis/compare/same-results.ts";
import type { BlockPair, BlockPlan } from "../protocol/block-pairs.ts";
import type { ComparedVersion, ComparisonResult, ComparisonRow } from "../protocol/comparison.ts";
import {
  comparisonSentence,
  intervalText,
  signedPercent,
  valueText,
  verdictOf,
} from "./comparison-sentence.ts";
import { count, percent } from "./format.ts";
import { pairFigures, runResults } from "./pair-figures.ts";

export interface MeasuredComparison {
  readonly plan: BlockPlan;
  readonly pairs: readonly BlockPair[];
  /** What the traces of each pair say, in the same order. */
  readonly traces: readonly { readonly before: TraceFigures; readonly after: TraceFigures }[];
  readonly before: ComparedVersion;
  readonly after: ComparedVersion;
  /** As a share: what counts as no difference. */
  readonly margin: number;
  /** Whole sentences, to be shown with those made here. */
  readonly notes: readonly string[];
}

const nothing: TraceFigures = { lockWait: {}, service: {} };

/** Undefined when the named metric could not be measured. */
export function comparisonResult(measured: MeasuredComparison): ComparisonResult | undefined {
  const { plan, pairs, traces, margin } = measured;
  const figures = pairs.map((pair, index) => ({
    before: pairFigures(pair.before, plan, traces[index]?.before ?? nothing),
    after: pairFigures(pair.after, plan, traces[index]?.after ?? nothing),
  }));
  const compared = comparePairs(figures, plan.metric, margin);
  const named = compared?.figures[0];
  if (compared === undefined || named === undefined) return undefined;
  const results = compareResults(
    pairs.map(({ before, after }) => ({ before: runResults(before), after: runResults(after) })),
  );
  const differing =
    results.kind === "compared" ? results.handlers.filter(({ kind }) => kind === "differ") : [];
  const { estimate, low, high, p, visible } = compared.decision.change;
  return {
    version: 1,
    verdict: verdictOf(compared.decision, differing),
    sentence: comparisonSentence(plan.metric, compared.decision, named, differing),
    metric: plan.metric,
    change: { estimate, low, high, p, visible },
    before: measured.before,
    after: measured.after,
    rows: compared.figures.map(rowOf),
    notes: [...resultNotes(results), ...measured.notes, ...methodNotes(measured)],
  };
}

function rowOf(figure: ComparedFigure): ComparisonRow {
  const { name, better, before, after, change, changed } = figure;
  const isHigher = change.estimate > 0;
  const tone = !changed ? "plain" : isHigher === (better === "higher") ? "better" : "worse";
  return {
    label: labelOf(name),
    before: valueText(figure, before),
    after: valueText(figure, after),
    change:
      before === 0 && after === 0
        ? ""
        : `${signedPercent(change.estimate)} (${intervalText(change)})`,
    tone,
  };
}

function labelOf(name: FigureName): string {
  switch (name.kind) {
    case "throughput":
      return "Throughput";
    case "p50":
      return "Median latency";
    case "p99":
      return "p99 latency";
    case "cpu":
      return "Processor time for an event";
    case "lock-wait":
      return "Waiting for locks";
    case "lock":
      return `Waiting for lock "${name.lock}"`;
    case "service":
      return `Median service time of ${name.handler}`;
  }
}

function resultNotes(results: ResultsComparison): string[] {
  if (results.kind === "other-events") {
    return [
      "The workload gave other events each time it ran, so the handlers' results were not compared.",
    ];
  }
  const chance = results.handlers.filter(({ kind }) => kind === "by-chance");
  const same = results.handlers.filter(({ kind }) => kind === "same");
  return [
    ...(same.length === 0
      ? []
      : [`Both versions gave the same results: ${same.map(({ handler }) => handler).join(", ")}.`]),
    ...chance.map(
      ({ handler, chance: share }) =>
        `Results of ${handler} depend on chance or on which thread came first (${percent(share)} of them ` +
        "differ between two runs of one version), so they were not compared.",
    ),
  ];
}

function methodNotes({ plan, pairs }: MeasuredComparison): string[] {
  const { events, arrival } = plan.block;
  const how =
    arrival.kind === "closed"
      ? `${arrival.inFlight} in flight`
      : `submitted at ${count(arrival.perSecond)} a second`;
  const blocks = pairs.flatMap(({ before, after }) => [...before.blocks, ...after.blocks]);
  const failed = blocks.reduce((sum, block) => sum + block.failed, 0);
  const all = blocks.reduce((sum, { results }) => sum + results.length, 0);
  const quiet = blocks.reduce((sum, { quietCpuMicros }) => sum + quietCpuMicros, 0) * 1000;
  const wall = blocks.reduce((sum, { start, end }) => sum + end - start, 0);
  return [
    `Measured in ${pairs.length} pairs, fixed beforehand: each with two fresh processes, blocks of ${count(events)} equal ` +
      `events (${how}), order drawn by lot, warm-up left out.`,
    `While one version ran, the other's process used ${percent(quiet / wall)} of one processor.`,
    ...(failed === 0 ? [] : [`${count(failed)} of ${count(all)} events failed, in both together.`]),
  ];
}
