// An urgent event waits for a lock that a less urgent one holds.

import { largestOf } from "../../base/extremes.ts";
import { groupBy } from "../../base/group-by.ts";
import { count, duration, percent } from "../../base/figures.ts";
import { holdKey } from "../contention.ts";
import { isHandled } from "../load.ts";
import { savingOfTail } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import type { LockHold, LockWait } from "../waits.ts";
import {
  addTo,
  atPlace,
  livesByTurn,
  longestFirst,
  threadsOf,
  turnKeyOf,
  worstOf,
} from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const priorityInversion: Rule = {
  id: "priority-inversion",
  title: "Priority inversion",
  window: "waits of urgent events for locks, in a pool with a priority queue",
  leastObservations: "10 waits of an urgent event for a less urgent one (`leastWaits`)",
  materiality: "10 % of the p99 of the events of that priority (`leastScore`)",
  notConfusedWith: "priorities in a queue that does not order by them; waits among equals",
  reads: [
    "eventSelected",
    "lockWaitStarted",
    "lockWaitSegment",
    "lockWaitEnded",
    "lockAcquired",
    "lockReleased",
  ],
  thresholds: { leastWaits: 10, leastScore: 10 },
  find(context) {
    const { queue } = context.trace.header.configuration;
    if (queue !== "priority" && queue !== "deadline") return [];
    return [...groupBy(inversions(context), ({ wait }) => wait.lock)].flatMap(([lock, own]) =>
      inverted(context, lock, own),
    );
  },
};

interface Inversion {
  readonly wait: LockWait;
  readonly hold: LockHold;
  readonly nanos: number;
  readonly priority: number;
}

function inversions(context: RuleContext): Inversion[] {
  const { use } = context;
  const lives = livesByTurn(context);
  const priorityOf = (of: LockWait | LockHold): number => lives.get(turnKeyOf(of))?.priority ?? 0;
  const holds = new Map(use.holds.map((hold) => [holdKey(hold.lock, hold.acquisition), hold]));
  return use.waits.flatMap((wait) => {
    const priority = priorityOf(wait);
    return wait.segments.flatMap(({ start, end, acquisition }): Inversion[] => {
      const hold = holds.get(holdKey(wait.lock, acquisition));
      if (hold === undefined || priorityOf(hold) >= priority) return [];
      return [{ wait, hold, nanos: end - start, priority }];
    });
  });
}

function inverted(context: RuleContext, lock: number, own: readonly Inversion[]): Cause[] {
  const waits = [...new Set(own.map(({ wait }) => wait))];
  if (waits.length < threshold(context, "leastWaits")) return [];
  const { trace, lives } = context;
  const urgent = largestOf(own.map(({ priority }) => priority));
  const perTurn = new Map<string, number>();
  const sites = new Map<number, number>();
  for (const { wait, hold, nanos } of own) {
    addTo(perTurn, turnKeyOf(wait), nanos);
    addTo(sites, hold.site, nanos);
  }
  const events = [...lives.lives.values()]
    .filter(isHandled)
    .filter(({ priority }) => priority === urgent);
  const { before, ...saving } = savingOfTail(
    events,
    ({ turnKey }) => perTurn.get(turnKey ?? "") ?? 0,
  );
  const { score } = saving;
  if (score < threshold(context, "leastScore")) return [];
  const total = own.reduce((sum, { nanos }) => sum + nanos, 0);
  const name = lockNames(trace)(lock);
  const site = siteOf(trace, longestFirst(sites)[0]?.[0] ?? 0);
  return [
    {
      subject: name,
      site,
      saving,
      sentence:
        `Urgent events wait for lock "${name}" while less urgent ones hold it: ${count(waits.length)} waits, ${duration(total)} in all, ` +
        `${percent(score / 100)} of the p99 of priority ${urgent}, ${duration(before)}${atPlace(site)}.`,
      advice:
        "Hold the lock for less in the less urgent handler, or let urgent events do without it.",
      remedies: [{ kind: "move-out-of-lock" }],
      related: waits.slice(0, 1).flatMap(({ site: at }) => {
        const victim = siteOf(trace, at);
        return victim === undefined
          ? []
          : [{ sentence: "the urgent event waits here", site: victim }];
      }),
      threads: threadsOf(waits),
      intervals: worstOf(waits),
      is: [`inversion:${name}`],
      explains: [`lock:${name}`],
    },
  ];
}
