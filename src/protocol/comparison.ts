// A comparison of two versions of a module, as it is asked for and as every face shows it: the panel, the editor, the
// terminal's --json. Texts are ready to show; numbers are there for whoever computes on.

/** One of them is named before the comparison and decides it; the others are shown beside. */
export const comparedMetrics = ["throughput", "p50", "p99", "lock-wait"] as const;

export type ComparedMetric = (typeof comparedMetrics)[number];

export const comparisonVerdicts = [
  "faster",
  "slower",
  "no-difference",
  "could-not-tell",
  "results-differ",
  /** Two saved runs set side by side: one run each proves nothing. */
  "as-recorded",
] as const;

export type ComparisonVerdict = (typeof comparisonVerdicts)[number];

/** One figure of both versions. */
export interface ComparisonRow {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** "+12 % (10 % to 14 %)", "" where nothing can be said. */
  readonly change: string;
  /** Better and worse only where the change is beyond noise, with the other rows looked at too. */
  readonly tone: "better" | "worse" | "plain";
}

export interface ComparedVersion {
  /** "as it ran on 24 Nov, 12:01", "accounts.ts as it is now" */
  readonly label: string;
  /** Trace of its blocks, for the panel. */
  readonly trace: string;
}

/** Of the metric named beforehand, as a speed-up: 0.12 is 12 % faster, whatever the metric. */
export interface ComparisonChange {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Of the sign-flip permutation test. */
  readonly p: number;
  /** The smallest change that this comparison would have seen four times in five. */
  readonly visible: number;
}

export interface ComparisonResult {
  readonly version: 1;
  readonly verdict: ComparisonVerdict;
  /** To be shown first and by itself. */
  readonly sentence: string;
  readonly metric: ComparedMetric;
  /** Undefined for runs as recorded. */
  readonly change: ComparisonChange | undefined;
  readonly before: ComparedVersion;
  readonly after: ComparedVersion;
  readonly rows: readonly ComparisonRow[];
  /** How it was measured, and what the person should know before believing it. Whole sentences. */
  readonly notes: readonly string[];
}
