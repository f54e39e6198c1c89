// Times in which events wait, followers are idle, nobody leads or the leader's thread runs a turn,
// and nobody is on the way.

import { count, duration } from "../../base/figures.ts";
import type { Gap, Span } from "../leaderless.ts";
import { without } from "../leaderless.ts";
import { coverOf } from "../overlap.ts";
import { savingOfIdle } from "../saving.ts";
import { livesByTurn, worstOf } from "./evidence.ts";
import { threshold, type Rule, type RuleContext } from "./rule.ts";

export const leaderlessGap: Rule = {
  id: "leaderless-gap",
  title: "Leaderless gap",
  window:
    "times between two leaders, or in which the leader's thread is in a handler, while events wait and a follower is idle",
  leastObservations: "10 gaps of 1 ms (`leastGaps`, `leastMillis`)",
  materiality: "2 % of throughput or p99",
  notConfusedWith:
    "the tens of microseconds that a wake-up takes; a follower that is promoted and on its way",
  reads: [
    "roleChanged",
    "promoted",
    "eventSubmitted",
    "eventSelected",
    "handlerStarted",
    "handlerSuspended",
    "handlerResumed",
    "settled",
  ],
  thresholds: { leastGaps: 10, leastMillis: 1 },
  find(context) {
    const { seen, load, trace } = context;
    if (trace.header.model !== "leader-followers") return [];
    const left = without(seen.onTheirWay);
    const least = threshold(context, "leastMillis") * 1e6;
    const long = seen.gaps.filter(({ start, end }) => end - start >= least);
    const gaps = long.flatMap((gap) =>
      left(gap)
        .filter(({ start, end }) => end - start >= least)
        .map((part) => ({ ...part, lost: gap.lost * shareOf(part, gap) })),
    );
    if (gaps.length < threshold(context, "leastGaps")) return [];
    const { lost, ofTurn } = lostInGaps(context, gaps);
    const total = gaps.reduce((sum, { start, end }) => sum + end - start, 0);
    return [
      {
        subject: "",
        site: undefined,
        saving: savingOfIdle(load, lost, ofTurn),
        sentence:
          `Nobody could lead though events waited and followers were idle: ${count(gaps.length)} gaps, ${duration(total)} in all, ` +
          `${duration(lost)} of the threads' time.`,
        advice: "Promote at every event.",
        remedies: [{ kind: "configuration", key: "when", value: "eager" }],
        intervals: worstOf(gaps),
        is: ["gap"],
        explains: ["queue", "capacity"],
      },
    ];
  },
};

function shareOf(part: Span, whole: Span): number {
  return (part.end - part.start) / Math.max(1, whole.end - whole.start);
}

/** Thread time lost in these gaps, and what each turn's event waited because of them. */
export function lostInGaps(
  context: RuleContext,
  gaps: readonly Gap[],
): { readonly lost: number; readonly ofTurn: (turn: string) => number } {
  const cover = coverOf(gaps);
  const lives = livesByTurn(context);
  return {
    lost: gaps.reduce((sum, gap) => sum + gap.lost, 0),
    ofTurn: (turn) => {
      const life = lives.get(turn);
      if (life?.submitted === undefined || life.selected === undefined) return 0;
      return cover(life.submitted, life.selected);
    },
  };
}
