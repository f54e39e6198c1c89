// How one figure moved over pairs of blocks: the median log-ratio of the pairs (Hodges-Lehmann), its interval, and the
// sign-flip permutation test of "nothing changed". The statistic is the sum of signed ranks (Wilcoxon 1945), whose
// distribution over all 2^n flips is counted, not sampled: exact for any number of pairs, and one disturbed block
// moves it by one rank only.

export interface PairedChange {
  readonly pairs: number;
  /** ln(after / before). */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided. */
  readonly p: number;
}

/** `confidence` is of the interval, from 0 to 1. With too few pairs for it the interval is unbounded. */
export function pairedChange(logRatios: readonly number[], confidence: number): PairedChange {
  const averages = walshAverages(logRatios);
  const ends = intervalRank(logRatios.length, confidence);
  return {
    pairs: logRatios.length,
    estimate: middle(averages),
    low: ends === 0 ? -Infinity : (averages[ends - 1] ?? -Infinity),
    high: ends === 0 ? Infinity : (averages[averages.length - ends] ?? Infinity),
    p: signFlipP(logRatios),
  };
}

/** Share of all sign flips whose rank sum is at least as far from the middle as the one that was seen. */
export function signFlipP(differences: readonly number[]): number {
  const ranked = doubledRanks(differences);
  const total = ranked.reduce((sum, { rank }) => sum + rank, 0);
  const positive = ranked.reduce((sum, { rank, sign }) => sum + (sign > 0 ? rank : 0), 0);
  const extreme = Math.min(positive, total - positive);
  const ways = rankSumWays(ranked.map(({ rank }) => rank));
  let tail = 0;
  for (let sum = 0; sum <= extreme; sum++) tail += ways[sum] ?? 0;
  return Math.min(1, (2 * tail) / 2 ** ranked.length);
}

interface Ranked {
  /** Twice the rank, so that the middle rank of ties is whole. */
  readonly rank: number;
  readonly sign: number;
}

/** Differences of zero are ranked with the others and then left out (Pratt 1959). */
function doubledRanks(differences: readonly number[]): Ranked[] {
  const sorted = [...differences].sort((first, second) => Math.abs(first) - Math.abs(second));
  const ranked: Ranked[] = [];
  for (let from = 0; from < sorted.length;) {
    const size = Math.abs(sorted[from] ?? 0);
    let to = from;
    while (to < sorted.length && Math.abs(sorted[to] ?? 0) === size) to++;
    for (let each = from; each < to && size > 0; each++) {
      ranked.push({ rank: from + 1 + to, sign: Math.sign(sorted[each] ?? 0) });
    }
    from = to;
  }
  return ranked;
}

/** In how many of the 2^n flips the ranks with a plus add up to each sum. */
function rankSumWays(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    for (let sum = total; sum >= rank; sum--)
      ways[sum] = (ways[sum] ?? 0) + (ways[sum - rank] ?? 0);
  }
  return ways;
}

/** Means of all pairs of values, each with itself too, in order: their quantiles are the interval that inverts the test. */
function walshAverages(values: readonly number[]): number[] {
  const averages = values.flatMap((first, index) =>
    values.slice(index).map((second) => (first + second) / 2),
  );
  return averages.sort((first, second) => first - second);
}

/** The most averages that may be left out at each end, counted from 1; 0 when none may be. */
function intervalRank(pairs: number, confidence: number): number {
  const ways = rankSumWays(Array.from({ length: pairs }, (_, index) => index + 1));
  const allowed = ((1 - confidence) / 2) * 2 ** pairs;
  let tail = 0;
  let rank = 0;
  while (rank < ways.length && tail + (ways[rank] ?? 0) <= allowed) {
    tail += ways[rank] ?? 0;
    rank++;
  }
  return rank;
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? 0;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? 0) + upper) / 2 : upper;
}
