// A thread's heap that grows as long as the run goes, and what collecting it costs.

import { largestOf, smallestOf } from "../../base/extremes.ts";
import { duration, percent } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Seen } from "../records.ts";
import { savingOf, savingOfHazard } from "../saving.ts";
import { isPoolThread } from "../sites.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const heapGrowth: Rule = {
  id: "heap-growth",
  title: "Heap that grows",
  window:
    "the whole run: the least use of each quarter, so that what the next collection frees does not count",
  leastObservations: "20 samples of a thread's heap (`leastSamples`)",
  materiality:
    "a floor that rises in each quarter, by half (`leastGrowth`) and by 16 MiB (`leastMebi`) in all; or collections of 10 % of the threads' time (`leastCollecting`)",
  notConfusedWith: "a heap that fills up to the next collection, or once at start",
  reads: ["heapSampled", "garbageCollected"],
  thresholds: { leastSamples: 20, leastGrowth: 50, leastMebi: 16, leastCollecting: 10 },
  find(context) {
    const { trace, records } = context;
    const samples = records.heapSampled.filter(({ thread }) => isPoolThread(trace, thread));
    const growing = [...groupBy(samples, ({ thread }) => thread)].flatMap(([thread, own]) => {
      const growth = growthOf(context, thread, own);
      return growth === undefined ? [] : [{ thread, ...growth }];
    });
    if (growing.length > 0) return [grows(context, growing)];
    return collects(context);
  },
};

interface Growth {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly start: number;
  readonly end: number;
}

function growthOf(
  context: RuleContext,
  thread: number,
  samples: readonly Seen[],
): Growth | undefined {
  const { load } = context;
  const during = samples.filter(({ time }) => time >= load.start && time <= load.end);
  if (during.length < threshold(context, "leastSamples")) return undefined;
  const quarter = during.length / 4;
  const floors = [0, 1, 2, 3].map((index) => {
    const own = during.slice(Math.floor(index * quarter), Math.floor((index + 1) * quarter));
    return smallestOf(own.map(({ a }) => a));
  });
  const [first = 0, second = 0, third = 0, last = 0] = floors;
  const rises = first < second && second < third && third < last;
  const grown = first === 0 ? 0 : (last / first - 1) * 100;
  if (!rises || grown < threshold(context, "leastGrowth")) return undefined;
  if ((last - first) / 1024 < threshold(context, "leastMebi")) return undefined;
  if (!isCollectedAllAlong(context, thread)) return undefined;
  const limit = during.at(-1)?.b ?? 0;
  return { from: first, to: last, limit, start: load.start, end: load.end };
}

/** Without a collection in each quarter, what grows may be litter. */
function isCollectedAllAlong({ records, load }: RuleContext, thread: number): boolean {
  const quarters = records.garbageCollected
    .filter((each) => each.thread === thread)
    .map(({ time }) => Math.floor((4 * (time - load.start)) / load.window));
  return [0, 1, 2, 3].every((quarter) => quarters.includes(quarter));
}

function grows(
  context: RuleContext,
  growing: readonly (Growth & { readonly thread: number })[],
): Cause {
  const { load } = context;
  const [worst] = growing.toSorted((one, other) => other.to - one.to);
  const { from = 0, to = 0, limit = 0, start = 0, end = 0 } = worst ?? {};
  const left = to === from ? Infinity : ((limit - to) / (to - from)) * (end - start);
  const full = Number.isFinite(left) ? ` At this rate it is full in ${duration(left)}.` : "";
  return {
    subject: "heap",
    site: undefined,
    saving: savingOfHazard(load, collectingShare(context)),
    sentence:
      `The heap of ${growing.length} of ${load.threads} threads grows all along, from ${mebi(from)} to ${mebi(to)} of ${mebi(limit)} ` +
      `after collections.${full}`,
    advice:
      "Look for what handlers keep at module level: caches without a bound, lists that are only added to.",
    threads: growing.map(({ thread }) => thread),
    intervals: [{ start, end }],
    is: ["heap"],
    explains: ["collecting"],
  };
}

function mebi(kibi: number): string {
  return `${Math.round(kibi / 1024)} MiB`;
}

/** Of the threads' time. */
function collectingShare({ threads, poolWall }: RuleContext): number {
  const total = threads.reduce((sum, { garbageCollection }) => sum + garbageCollection, 0);
  return poolWall === 0 ? 0 : total / poolWall;
}

function collects(context: RuleContext): Cause[] {
  const { load, threads, records } = context;
  const share = collectingShare(context);
  if (share * 100 < threshold(context, "leastCollecting")) return [];
  const turns = threads.reduce((sum, { garbageCollection }) => sum + garbageCollection, 0);
  const perEvent = turns / Math.max(1, load.events);
  const longest = largestOf(
    records.garbageCollected.map(({ a }) => a * 1000),
    0,
  );
  return [
    {
      mechanism: "collections",
      subject: "heap",
      site: undefined,
      saving: savingOf(load, { turns, processor: turns, ofTurn: () => perEvent }),
      sentence: `Garbage collection takes ${percent(share)} of the threads' time, up to ${duration(longest)} at once.`,
      advice:
        "Make fewer short-lived objects per event: reuse buffers, parse less, send typed arrays.",
      threads: threads.map(({ thread }) => thread),
      is: ["heap", "collecting"],
      explains: [],
    },
  ];
}
