// One side of a read-write lock waits while the other side takes it again and again.

import { groupBy } from "../../base/group-by.ts";
import { count, duration } from "../../base/figures.ts";
import { firstAtLeast } from "../../trace/time-order.ts";
import { savingOf } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import type { LockHold, LockWait } from "../waits.ts";
import { addTo, atPlace, longestFirst, threadsOf, turnKeyOf, worstOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const readerWriterStarvation: Rule = {
  id: "reader-writer-starvation",
  title: "Starvation at a read-write lock",
  window: "each wait for a read-write lock",
  leastObservations:
    "5 waits of one side (`leastWaits`), each passed 3 times by threads of the other that had held the lock meanwhile already (`leastPassed`); waits that timed out and were tried again by the same turn count as one",
  materiality: "half of that side's waits (`leastShare`), and 2 % of throughput or p99",
  notConfusedWith:
    "a writer that waits for the readers who were there before it, or who had waited for another writer",
  reads: ["lockWaitStarted", "lockWaitEnded", "lockAcquired", "lockReleased"],
  thresholds: { leastWaits: 5, leastPassed: 3, leastShare: 50 },
  find(context) {
    const { trace } = context;
    const locks = trace.tables.locks.filter(({ kind }) => kind === "rwlock");
    const waits = groupBy(context.use.waits, ({ lock }) => lock);
    const holds = groupBy(context.use.holds, ({ lock }) => lock);
    return locks.flatMap(({ index }) =>
      starvation(context, index, waits.get(index) ?? [], holds.get(index) ?? []),
    );
  },
};

interface Passed {
  /** The first of them, where it gave up and tried again, up to the end of the last. */
  readonly wait: LockWait;
  readonly mode: number;
  readonly tries: number;
  /** Holds of the other side, by threads that had one already while it waited. */
  readonly by: readonly LockHold[];
}

/** A wait that so many holds passed starves, however many more there are. */
const mostPassed = 1000;

function starvation(
  context: RuleContext,
  lock: number,
  waits: readonly LockWait[],
  all: readonly LockHold[],
): Cause[] {
  const holds = all.toSorted((one, other) => one.start - other.start);
  const starts = Float64Array.from(holds, ({ start }) => start);
  const holdsOf = groupBy(holds, turnKeyOf);
  const passed = [...groupBy(waits, turnKeyOf)].flatMap(([turn, own]): Passed[] =>
    untilHeld(own, holdsOf.get(turn) ?? []).map((each) => {
      const first = firstAtLeast(starts, starts.length, each.wait.start);
      const behind = firstAtLeast(starts, starts.length, each.wait.end);
      const during = holds.slice(first, Math.min(behind, first + mostPassed));
      return { ...each, by: again(during.filter(({ mode }) => mode !== each.mode)) };
    }),
  );
  return [...groupBy(passed, ({ mode }) => mode)].flatMap(([mode, side]) => {
    const starved = side.filter(({ by }) => by.length >= threshold(context, "leastPassed"));
    if (starved.length < threshold(context, "leastWaits")) return [];
    if ((starved.length / side.length) * 100 < threshold(context, "leastShare")) return [];
    return [causeOf(context, lock, mode, starved)];
  });
}

/** A turn's waits, each up to the hold that it led to: waits that timed out and were tried again are one. */
function untilHeld(waits: readonly LockWait[], holds: readonly LockHold[]): Omit<Passed, "by">[] {
  const starts = Float64Array.from(holds, ({ start }) => start);
  const holdAfter = (wait: LockWait): LockHold | undefined =>
    holds[firstAtLeast(starts, starts.length, wait.start)];
  return [...groupBy(waits, holdAfter)].flatMap(([hold, own]) => {
    const [first] = own;
    const last = own.at(-1);
    if (hold === undefined || first === undefined || last === undefined) return [];
    return [{ wait: { ...first, end: last.end }, mode: hold.mode, tries: own.length }];
  });
}

/** Without each thread's first: it may have waited before. */
function again(holds: readonly LockHold[]): LockHold[] {
  const ended = new Map<number, number>();
  return holds.filter(({ thread, start, end }) => {
    const before = ended.get(thread);
    ended.set(thread, Math.min(before ?? Infinity, end));
    return before !== undefined && before <= start;
  });
}

/** As lockAcquired numbers them. */
const modes = ["exclusive", "read"] as const;

function causeOf(
  { trace, load }: RuleContext,
  lock: number,
  mode: number,
  starved: readonly Passed[],
): Cause {
  const name = lockNames(trace)(lock);
  const side = modes[mode] === "read" ? "Readers" : "Writers";
  const others = modes[mode] === "read" ? "writers" : "readers";
  const perTurn = new Map<string, number>();
  const sites = new Map<number, number>();
  for (const { wait, by } of starved) {
    addTo(perTurn, turnKeyOf(wait), wait.end - (by[0]?.start ?? wait.end));
    for (const { site } of by) addTo(sites, site, 1);
  }
  const turns = [...perTurn.values()].reduce((sum, nanos) => sum + nanos, 0);
  const passes = starved.reduce((sum, { by }) => sum + by.length, 0);
  const site = siteOf(trace, longestFirst(sites)[0]?.[0] ?? 0);
  const tries = starved.reduce((sum, each) => sum + each.tries, 0) / starved.length;
  const waits = starved.map(({ wait }) => wait);
  return {
    subject: name,
    site,
    saving: savingOf(load, { turns, ofTurn: (turn) => perTurn.get(turn) ?? 0 }),
    sentence:
      `${side} of lock "${name}" starve: ${count(starved.length)} of them were passed by ${others} that came later, ` +
      `${count(passes / starved.length)} times each, and waited ${duration(turns / starved.length)}${atPlace(site)}.`,
    advice:
      tries >= 2
        ? `Wait without a time limit: who waits keeps new ${others} out, and each of ${tries.toFixed(0)} tries lets them in again. ` +
          `Or let the ${others} hold it for less.`
        : `Let the ${others} hold it less often, or use a lock on which who waits longest goes first.`,
    related: waits.slice(0, 1).flatMap(({ site: at }) => {
      const victim = siteOf(trace, at);
      return victim === undefined ? [] : [{ sentence: "waits here", site: victim }];
    }),
    threads: threadsOf(waits),
    intervals: worstOf(waits),
    is: [`starvation:${name}`],
    explains: [`lock:${name}`, "queue", "capacity"],
  };
}
