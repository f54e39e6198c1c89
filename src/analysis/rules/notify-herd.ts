// notifyAll wakes many where one can go on: those woken for nothing wait again at once, after they took and gave back the lock.

import { groupBy } from "../../base/group-by.ts";
import { count, duration } from "../../base/figures.ts";
import { coverOf } from "../overlap.ts";
import { savingOf } from "../saving.ts";
import type { TurnWait } from "../turn-waits.ts";
import { lockNames, siteOf } from "../sites.ts";
import { conditionWaits } from "./condition-timeouts.ts";
import { addTo, atPlace, longestFirst, threadsOf, turnKeyOf, worstOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const notifyHerd: Rule = {
  id: "notify-herd",
  title: "Herd on notifyAll",
  window: "the whole run",
  leastObservations: "20 wake-ups for nothing (`leastWakes`)",
  materiality: "half of the wake-ups (`leastShare`), and 2 % of throughput or p99",
  notConfusedWith: "a notifyAll after which all who were woken go on",
  reads: ["conditionWaitStarted", "conditionWaitEnded", "conditionNotified", "lockWaitStarted"],
  thresholds: { leastWakes: 20, leastShare: 50 },
  find(context) {
    const { records } = context;
    const herds = records.conditionNotified.filter(({ d }) => d > 1);
    const conditions = new Set(herds.map(({ a }) => a));
    const waits = groupBy(conditionWaits(context), ({ lock }) => lock);
    return [...conditions].flatMap((each) => herdOf(context, each, waits.get(each) ?? []));
  },
};

interface Wake {
  readonly thread: number;
  readonly turn: number;
  readonly start: number;
  readonly end: number;
}

function herdOf(context: RuleContext, condition: number, own: readonly TurnWait[]): Cause[] {
  const woken = own.filter(({ outcome }) => outcome === "acquired");
  const futile = [...groupBy(own, turnKeyOf).values()].flatMap((waits) =>
    waits.flatMap((wait, index): Wake[] => {
      const next = waits[index + 1];
      if (next === undefined || wait.outcome !== "acquired") return [];
      return [{ thread: wait.thread, turn: wait.turn, start: wait.end, end: next.start }];
    }),
  );
  if (futile.length < threshold(context, "leastWakes")) return [];
  if ((futile.length / woken.length) * 100 < threshold(context, "leastShare")) return [];
  return [herd(context, condition, futile, woken.length)];
}

function herd(
  { trace, load, records, use }: RuleContext,
  condition: number,
  futile: readonly Wake[],
  woken: number,
): Cause {
  const nameOf = lockNames(trace);
  const sites = new Map<number, number>();
  for (const { a, b, d } of records.conditionNotified) {
    if (a === condition && d > 1) addTo(sites, b, d);
  }
  const site = siteOf(trace, longestFirst(sites)[0]?.[0] ?? 0);
  const perTurn = new Map<string, number>();
  for (const wake of futile) addTo(perTurn, turnKeyOf(wake), wake.end - wake.start);
  const turns = [...perTurn.values()].reduce((sum, nanos) => sum + nanos, 0);
  // The locks that the woken had to take again: their contention is the herd's.
  const meets = new Map(
    [...groupBy(futile, turnKeyOf)].map(([turn, wakes]) => [turn, coverOf(wakes)]),
  );
  const locks = new Set(
    use.waits
      .filter((wait) => (meets.get(turnKeyOf(wait))?.(wait.start, wait.end) ?? 0) > 0)
      .map(({ lock }) => nameOf(lock)),
  );
  const name = nameOf(condition);
  return {
    subject: name,
    site,
    saving: savingOf(load, {
      turns,
      processor: turns,
      ofTurn: (turn) => perTurn.get(turn) ?? 0,
    }),
    sentence:
      `notifyAll on condition "${name}" wakes more than can go on: ${count(futile.length)} of ${count(woken)} wake-ups were ` +
      `for nothing, ${duration(turns)} in all${atPlace(site)}.`,
    advice: "Notify one where one change lets one waiter go on.",
    remedies: [{ kind: "notify-one" }],
    threads: threadsOf(futile),
    intervals: worstOf(futile),
    is: [`condition:${name}`],
    explains: [...[...locks].map((lock) => `lock:${lock}`), "queue", "capacity"],
  };
}
