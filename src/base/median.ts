// The middle of a set of figures: NaN of none.

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
