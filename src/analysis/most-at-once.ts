// How many of some stretches of time overlap at most.

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** At the same moment an end comes before a start: one that leaves makes room for another. */
export function mostAtOnce(stretches: readonly Stretch[]): number {
  const changes = stretches.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]);
  changes.sort((first, second) => first.at - second.at || first.by - second.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
