// Whether both versions gave the same results to the same events. A handler whose results depend on chance or on the order in
// which threads came differs between two runs of ONE version too: how much it does is known, since every pair runs the
// same events from the beginning, and only what goes beyond it counts.

/** The results of one version's blocks, event by event in the order in which they were submitted. */
export interface RunResults {
  /** Digest of each block's events. */
  readonly submitted: readonly number[];
  readonly handlers: readonly string[];
  /** Index into `handlers`, by event. */
  readonly handlerOf: readonly number[];
  readonly results: readonly number[];
}

export interface HandlerResults {
  readonly handler: string;
  readonly kind: "same" | "differ" | "by-chance";
  readonly events: number;
  /** Events whose result differed between the versions, and between two runs of one version: shares. */
  readonly differing: number;
  readonly chance: number;
}

export type ResultsComparison =
  | { readonly kind: "compared"; readonly handlers: readonly HandlerResults[] }
  /** The workload gives other events each time it runs. */
  | { readonly kind: "other-events" };

/** A difference between versions counts when it is so many times what one version does by itself. */
const beyondChance = 10;

export function compareResults(
  pairs: readonly { readonly before: RunResults; readonly after: RunResults }[],
): ResultsComparison {
  const first = pairs[0]?.before;
  const runs = pairs.flatMap(({ before, after }) => [before, after]);
  if (first === undefined || runs.some((run) => run.submitted.join() !== first.submitted.join())) {
    return { kind: "other-events" };
  }
  return {
    kind: "compared",
    handlers: first.handlers.map((handler, index) => compareHandler(handler, index, pairs)),
  };
}

function compareHandler(
  handler: string,
  index: number,
  pairs: readonly { readonly before: RunResults; readonly after: RunResults }[],
): HandlerResults {
  const versions = pairs.map(({ before, after }) => shareDiffering(index, before, after));
  const chances = pairs.slice(1).flatMap(({ before, after }, previous) => {
    const then = pairs[previous];
    if (then === undefined) return [];
    return [shareDiffering(index, then.before, before), shareDiffering(index, then.after, after)];
  });
  const differing = mean(versions);
  const chance = mean(chances);
  const events = pairs[0]?.before.handlerOf.filter((each) => each === index).length ?? 0;
  // A single run of each version can't know what is chance.
  const isCertain = chances.length > 0 && differing > beyondChance * chance;
  const kind = differing === 0 ? "same" : isCertain ? "differ" : "by-chance";
  return { handler, kind, events, differing, chance };
}

function shareDiffering(handler: number, first: RunResults, second: RunResults): number {
  let events = 0;
  let differing = 0;
  for (const [event, each] of first.handlerOf.entries()) {
    if (each !== handler) continue;
    events++;
    if (first.results[event] !== second.results[event]) differing++;
  }
  return events === 0 ? 0 : differing / events;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
