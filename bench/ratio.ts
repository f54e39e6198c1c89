// Ratios of cells measured in the same rounds: the median, and an interval that assumes no distribution.

export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/** Of `values` over `base`, round by round; rounds that either lacks are left out. With 11, the interval covers 95 %. */
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
  return {
    median: ratios[Math.floor(ratios.length / 2)] ?? Number.NaN,
    low: ratios[Math.min(1, last)] ?? Number.NaN,
    high: ratios[Math.max(last - 1, 0)] ?? Number.NaN,
    rounds: ratios.length,
  };
}
