// What may be said of a metric that was named beforehand: faster, slower, no difference beyond a margin, or that this
// comparison could not tell, and then what it would have seen.

import { pairedChange } from "./paired-change.ts";

/** Of the interval and the test. Stricter than the usual 95 %: of 200 comparisons of a version with itself 4 are expected to be wrong. */
export const confidence = 0.98;
/** Two one-sided tests at 5 % each: the 90 % interval lies inside the margin (Schuirmann 1987). */
const equivalenceConfidence = 0.9;

export const leastPairs = 8;

export type Better = "higher" | "lower";

/** Relative to the version before: 0.12 is 12 % more of the metric. */
export interface MeasuredChange {
  readonly pairs: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  /** The smallest change that would have been seen four times in five. */
  readonly visible: number;
}

export type Decision =
  | { readonly kind: "better" | "worse" | "could-not-tell"; readonly change: MeasuredChange }
  | { readonly kind: "no-difference"; readonly change: MeasuredChange; readonly margin: number };

/** One log-ratio ln(after / before) a pair; `margin` as a share, such as 0.05, chosen beforehand. */
export function decide(logRatios: readonly number[], better: Better, margin: number): Decision {
  const change = measuredChange(logRatios);
  if (logRatios.length < leastPairs) return { kind: "could-not-tell", change };
  if (change.p <= 1 - confidence) {
    return { kind: change.estimate > 0 === (better === "higher") ? "better" : "worse", change };
  }
  const { low, high } = pairedChange(logRatios, equivalenceConfidence);
  const bound = Math.log1p(margin);
  if (low > -bound && high < bound) return { kind: "no-difference", change, margin };
  return { kind: "could-not-tell", change };
}

export function measuredChange(logRatios: readonly number[]): MeasuredChange {
  const { pairs, estimate, low, high, p } = pairedChange(logRatios, confidence);
  return {
    pairs,
    estimate: Math.expm1(estimate),
    low: Math.expm1(low),
    high: Math.expm1(high),
    p,
    visible: Math.expm1(visibleShift((high - low) / 2)),
  };
}

/**
 * An effect is seen when it leaves the interval's half width; seen four times in five when it leaves it by 0.84 standard
 * errors more, and the half width is 2.33 of them.
 */
function visibleShift(halfWidth: number): number {
  return halfWidth * (1 + 0.8416 / 2.3263);
}
