// What follows `poolscope compare`.

import { comparedMetrics, type ComparedMetric } from "../protocol/comparison.ts";
import { defaultMargin, defaultPairs } from "../session/versions.ts";
import { didYouMean, readOptions, usage, type Usage } from "./read-options.ts";

export interface CompareOptions {
  /** As given: each a trace or a module. */
  readonly before: string;
  readonly after: string;
  readonly json: boolean;
  /** Traces of these names in the folder `out` may be replaced. */
  readonly force: boolean;
  readonly metric: ComparedMetric;
  readonly pairs: number;
  /** As a share. */
  readonly margin: number;
  readonly out: string | undefined;
  readonly node: string | undefined;
  /** The sources of a trace run without a question, whoever recorded it. */
  readonly trustTrace: boolean;
  /** Of both versions, by option name. */
  readonly settings: Readonly<Record<string, string>>;
}

const leastPairs = 8;
const mostPairs = 200;

export type ReadCompare = { readonly kind: "compare"; readonly options: CompareOptions } | Usage;

export function readCompare(argv: readonly string[], settingNames: readonly string[]): ReadCompare {
  const own = ["metric", "pairs", "margin", "out", "node"];
  const flags = ["json", "force", "trust-trace"];
  const read = readOptions(argv, [...settingNames, ...own], flags);
  if (read.kind === "usage") return read;
  const [before, after, extra] = read.positionals;
  if (before === undefined || after === undefined)
    return usage("compare needs two versions, each a trace or a module: poolscope compare A B");
  if (extra !== undefined) return usage(`compare takes two versions; "${extra}" is one too many.`);
  const { metric = "throughput", pairs, margin, out, node, ...settings } = read.values;
  const named = comparedMetrics.find((each) => each === metric);
  if (named === undefined) {
    const hint = didYouMean(metric, comparedMetrics);
    return usage(`--metric: there is no "${metric}"; give ${comparedMetrics.join(", ")}.${hint}`);
  }
  const pairCount = numberIn(pairs ?? String(defaultPairs), leastPairs, mostPairs);
  if (pairCount === undefined || !Number.isInteger(pairCount))
    return usage(
      `--pairs: give a whole number from ${leastPairs} to ${mostPairs}; fewer can't tell.`,
    );
  const percent = numberIn(margin ?? String(100 * defaultMargin), 0.1, 100);
  if (percent === undefined) return usage("--margin: give percent, from 0.1 to 100.");
  const json = read.flags.has("json");
  const trustTrace = read.flags.has("trust-trace");
  return {
    kind: "compare",
    options: {
      before,
      after,
      json,
      force: read.flags.has("force"),
      metric: named,
      pairs: pairCount,
      margin: percent / 100,
      out,
      node,
      trustTrace,
      settings,
    },
  };
}

function numberIn(text: string, least: number, most: number): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : undefined;
}
