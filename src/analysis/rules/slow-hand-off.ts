// A promoted follower that takes long to run as leader, though there is a processor for it.

import { count, duration } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import { union, type Gap } from "../leaderless.ts";
import { coverOf } from "../overlap.ts";
import { savingOfIdle } from "../saving.ts";
import { lostInGaps } from "./leaderless-gap.ts";
import { worstOf } from "./evidence.ts";
import { threshold, type Rule, type RuleContext } from "./rule.ts";

export const slowHandOff: Rule = {
  id: "slow-hand-off",
  title: "Slow hand-off",
  window:
    "from each promotion to the promoted thread's first moment as leader, while events wait and nobody leads",
  leastObservations: "20 hand-offs of 1 ms (`leastHandOffs`, `leastMillis`)",
  materiality: "2 % of throughput or p99",
  notConfusedWith:
    "threads that wait for a processor: more than half of the hand-offs' time may have been run-queue time (`mostRunQueue`)",
  reads: ["promoted", "roleChanged", "osSampled"],
  thresholds: { leastHandOffs: 20, leastMillis: 1, mostRunQueue: 50 },
  find(context) {
    const { seen, load, trace } = context;
    if (trace.header.model !== "leader-followers") return [];
    const least = threshold(context, "leastMillis") * 1e6;
    const cover = coverOf(union(seen.onTheirWay));
    const slow: Gap[] = seen.gaps.filter(
      ({ start, end }) => end - start >= least && cover(start, end) >= 0.5 * (end - start),
    );
    const total = slow.reduce((sum, { start, end }) => sum + end - start, 0);
    if (slow.length < threshold(context, "leastHandOffs")) return [];
    if ((runQueueTime(context, slow) / total) * 100 > threshold(context, "mostRunQueue")) return [];
    const { lost, ofTurn } = lostInGaps(context, slow);
    return [
      {
        subject: "",
        site: undefined,
        saving: savingOfIdle(load, lost, ofTurn),
        sentence:
          `Promoted followers take long to lead: ${count(slow.length)} hand-offs left events waiting for ${duration(total / slow.length)} each, ` +
          "and not for want of a processor.",
        advice:
          "Look for what keeps followers from running: work outside of handlers, timers, a promotion protocol that wakes the coldest thread.",
        remedies: [{ kind: "configuration", key: "promotion", value: "lifo" }],
        intervals: worstOf(slow),
        is: ["hand-off"],
        explains: ["queue", "capacity"],
      },
    ];
  },
};

/**
 * How much of the slow hand-offs the threads may have waited for a processor, at most: of what the OS counted between two samples all
 * may have been on the way, and no more.
 */
function runQueueTime({ records, seen }: RuleContext, slow: readonly Gap[]): number {
  const within = coverOf(slow);
  const ways = groupBy(seen.onTheirWay, ({ thread }) => thread);
  const samples = groupBy(records.osSampled, ({ thread }) => thread);
  let total = 0;
  for (const [thread, own] of ways) {
    const cover = coverOf(union(own));
    let before = 0;
    for (const { time, b } of samples.get(thread) ?? []) {
      // The gaps lie within ways, nearly: of what both cover the smaller is enough of a bound.
      total += Math.min(b * 1000, cover(before, time), within(before, time));
      before = time;
    }
  }
  return total;
}
