// Which of many tests may be believed together (Benjamini and Hochberg 1995): of those that pass, at most `rate` are
// expected to be chance.

/** By index, whether the test passes. */
export function discoveries(ps: readonly number[], rate: number): readonly boolean[] {
  const sorted = [...ps].sort((first, second) => first - second);
  let limit = -1;
  for (const [index, p] of sorted.entries()) {
    if (p <= (rate * (index + 1)) / ps.length) limit = p;
  }
  return ps.map((p) => p <= limit);
}
