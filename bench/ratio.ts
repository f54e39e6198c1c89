// Ratios of cells measured in the same rounds: the median, and an interval that assumes no distribution.

export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/**
 * Of `values` over `base`, round by round; rounds that either lacks are left out. The interval
 * covers the median by 95 %: it lies between two of the sorted ratios, whose ranks follow from the
 * binomial distribution by its normal approximation.
 */
export function ratioOf(
  values: readonly (number | undefined)[],
  base: readonly (number | undefined)[],
): Ratio {
  const ratios = values
    .flatMap((value, round) => {
      const against = base[round];
      return value === undefined || against === undefined ? [] : [value / against];
    })
    .sort((first, second) => first - second);
  const last = ratios.length - 1;
  const rank = Math.floor(ratios.length / 2 - 0.98 * Math.sqrt(ratios.length));
  const lowest = Math.max(0, rank - 1);
  return {
    median: ratios[Math.floor(ratios.length / 2)] ?? Number.NaN,
    low: ratios[lowest] ?? Number.NaN,
    high: ratios[last - lowest] ?? Number.NaN,
    rounds: ratios.length,
  };
}
