// Waits for a condition that end by their timeout and by nothing else. Whether a wake-up was lost can't be seen, since the predicate
// can't be: the sentence says what was seen.

import { groupBy } from "../../base/group-by.ts";
import { count, duration, times } from "../../base/figures.ts";
import type { Load } from "../load.ts";
import { savingOf, type Saving } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import type { TurnWait } from "../turn-waits.ts";
import { addTo, atPlace, threadsOf, turnKeyOf, worstOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const conditionTimeouts: Rule = {
  id: "condition-timeouts",
  title: "Condition woken only by its timeouts",
  window: "the whole run",
  leastObservations: "5 waits at one place that timed out (`leastTimeouts`)",
  materiality: "90 % of the waits there (`leastShare`), and 2 % of throughput or p99",
  notConfusedWith: "a wait that is notified mostly and times out now and then",
  reads: ["conditionWaitStarted", "conditionWaitEnded", "conditionNotified"],
  thresholds: { leastTimeouts: 5, leastShare: 90 },
  find(context) {
    const waits = conditionWaits(context);
    return [...groupBy(waits, ({ lock, site }) => `${lock} ${site}`).values()].flatMap((own) => {
      const timedOut = own.filter(({ outcome }) => outcome === "timed-out");
      if (timedOut.length < threshold(context, "leastTimeouts")) return [];
      if ((timedOut.length / own.length) * 100 < threshold(context, "leastShare")) return [];
      return [timeouts(context, timedOut, own.length)];
    });
  },
};

export function conditionWaits({ waits }: RuleContext): TurnWait[] {
  return waits.filter(({ kind, outcome }) => kind === "condition" && outcome !== undefined);
}

/**
 * What is waited for comes at any moment of a wait, and who is woken in time waits again for what another took meanwhile: a quarter of
 * it is likely to be saved, all of it or nothing at the outside.
 */
function savingOfWaits(load: Load, turns: number, perTurn: ReadonlyMap<string, number>): Saving {
  const saved = (share: number): Saving =>
    savingOf(load, {
      turns: turns * share,
      ofTurn: (turn) => (perTurn.get(turn) ?? 0) * share,
    });
  return { ...saved(1 / 4), low: 0, high: saved(1).high };
}

function timeouts(
  { trace, load, records }: RuleContext,
  waits: readonly TurnWait[],
  all: number,
): Cause {
  const [first] = waits;
  const lock = lockNames(trace)(first?.lock ?? -1);
  const site = siteOf(trace, first?.site ?? 0);
  const perTurn = new Map<string, number>();
  for (const wait of waits) addTo(perTurn, turnKeyOf(wait), wait.end - wait.start);
  const turns = [...perTurn.values()].reduce((sum, nanos) => sum + nanos, 0);
  const notifies = records.conditionNotified.filter(({ a }) => a === first?.lock);
  const notified =
    notifies.length === 0
      ? "nobody notified it in this run"
      : `it was notified ${times(notifies.length)}, mostly when nobody waited`;
  return {
    subject: lock,
    site,
    saving: savingOfWaits(load, turns, perTurn),
    sentence:
      `Waits for condition "${lock}" woke only by their timeout, ${count(waits.length)} of ${count(all)} times, ` +
      `${duration(turns / waits.length)} each${atPlace(site)}; ${notified}.`,
    advice:
      "Change what is waited for under the condition's lock and notify after it, and look at it again in a loop before each wait.",
    related: notifies.slice(0, 3).flatMap(({ b }) => {
      const at = siteOf(trace, b);
      return at === undefined ? [] : [{ sentence: "notifies it here", site: at }];
    }),
    threads: threadsOf(waits),
    intervals: worstOf(waits),
    is: [`condition:${lock}`],
    explains: ["queue", "capacity"],
  };
}
