// From measured pairs to what may be said: the decision on the metric that was named beforehand, and every other figure side
// by side, marked as changed only where the whole set of them allows it.

import { median } from "../../base/median.ts";
import {
  decide,
  measuredChange,
  type Better,
  type Decision,
  type MeasuredChange,
} from "./decide.ts";
import { discoveries } from "./false-discovery.ts";
import type { TraceFigures } from "./figures-within.ts";

/** One version's figures in one pair. Times in nanoseconds. */
export interface PairFigures extends TraceFigures {
  /** Events a second. */
  readonly throughput: number;
  readonly p50: number;
  /** Processor time of the whole process for an event; 0 where it is not known. */
  readonly cpu: number;
  /** Undefined where it may not be compared: too few events, or submits that wait for the pool. */
  readonly p99: number | undefined;
}

export type Metric = "throughput" | "p50" | "p99" | "lock-wait";

export type FigureName =
  | { readonly kind: Metric | "cpu" }
  | { readonly kind: "service"; readonly handler: string }
  | { readonly kind: "lock"; readonly lock: string };

export interface ComparedFigure {
  readonly name: FigureName;
  readonly better: Better;
  /** Medians over the pairs. */
  readonly before: number;
  readonly after: number;
  readonly change: MeasuredChange;
  /** Beyond noise, all figures considered. */
  readonly changed: boolean;
}

export interface PairsComparison {
  readonly decision: Decision;
  /** The named metric first. */
  readonly figures: readonly ComparedFigure[];
}

const falseDiscoveryRate = 0.05;
const mostNamed = 5;
/** Added to shares before their ratio is taken: a thousandth of the threads' time is as good as none. */
const shareFloor = 0.001;

interface Series {
  readonly name: FigureName;
  readonly better: Better;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly floor: number;
}

type FigurePairs = readonly { readonly before: PairFigures; readonly after: PairFigures }[];

/** Undefined when the named metric was not measured. */
export function comparePairs(
  pairs: FigurePairs,
  metric: Metric,
  margin: number,
): PairsComparison | undefined {
  const all = allSeries(pairs);
  const named = all.find(({ name }) => name.kind === metric);
  if (named === undefined) return undefined;
  const decision = decide(logRatiosOf(named), named.better, margin);
  const others = all.filter((series) => series !== named);
  const changes = others.map((series) => measuredChange(logRatiosOf(series)));
  const believed = discoveries(
    changes.map(({ p }) => p),
    falseDiscoveryRate,
  );
  const isDecided = decision.kind === "better" || decision.kind === "worse";
  return {
    decision,
    figures: [
      figureOf(named, decision.change, isDecided),
      ...others.flatMap((series, index) => {
        const change = changes[index];
        return change === undefined ? [] : [figureOf(series, change, believed[index] === true)];
      }),
    ],
  };
}

function figureOf(series: Series, change: MeasuredChange, changed: boolean): ComparedFigure {
  const { name, better, before, after } = series;
  return { name, better, before: median(before), after: median(after), change, changed };
}

function allSeries(pairs: FigurePairs): Series[] {
  const series = (
    name: FigureName,
    better: Better,
    floor: number,
    of: (figures: PairFigures) => number | undefined,
  ): Series[] => {
    const both = pairs.flatMap(({ before, after }) => {
      const [first, second] = [of(before), of(after)];
      return first === undefined || second === undefined ? [] : [{ first, second }];
    });
    if (both.length < pairs.length || both.length === 0) return [];
    const before = both.map(({ first }) => first);
    return [{ name, better, before, after: both.map(({ second }) => second), floor }];
  };
  return [
    ...series({ kind: "throughput" }, "higher", 0, ({ throughput }) => throughput),
    ...series({ kind: "p50" }, "lower", 0, ({ p50 }) => p50),
    ...series({ kind: "p99" }, "lower", 0, ({ p99 }) => p99),
    ...series({ kind: "cpu" }, "lower", 0, ({ cpu }) => (cpu > 0 ? cpu : undefined)),
    ...series({ kind: "lock-wait" }, "lower", shareFloor, ({ lockWait }) => totalOf(lockWait)),
    ...largest(pairs, ({ lockWait }) => lockWait).flatMap((lock) =>
      series({ kind: "lock", lock }, "lower", shareFloor, ({ lockWait }) => lockWait[lock] ?? 0),
    ),
    ...largest(pairs, ({ service }) => service).flatMap((handler) =>
      series({ kind: "service", handler }, "lower", 0, ({ service }) => service[handler]),
    ),
  ];
}

function totalOf(shares: TraceFigures["lockWait"]): number {
  return Object.values(shares).reduce((total, share) => total + share, 0);
}

/** Names with the largest figures in either version. */
function largest(
  pairs: FigurePairs,
  of: (figures: PairFigures) => Readonly<Record<string, number>>,
): string[] {
  const totals = new Map<string, number>();
  for (const { before, after } of pairs) {
    for (const [name, value] of [...Object.entries(of(before)), ...Object.entries(of(after))]) {
      totals.set(name, (totals.get(name) ?? 0) + value);
    }
  }
  return [...totals]
    .sort(([, first], [, second]) => second - first)
    .slice(0, mostNamed)
    .map(([name]) => name);
}

function logRatiosOf({ before, after, floor }: Series): number[] {
  return before.map((value, index) => Math.log(((after[index] ?? 0) + floor) / (value + floor)));
}
