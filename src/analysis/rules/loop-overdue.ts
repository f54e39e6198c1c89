// A turn of the event loop that comes late: one turn of a thread computes or blocks while the thread's other turns could go on.
// The loop itself tells that it was late now and then; which turn kept it, and how often, is seen in the turns' own stretches.

import { largestOf } from "../../base/extremes.ts";
import { duration, percent, times } from "../../base/figures.ts";
import { within } from "../activities.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Handled } from "../load.ts";
import { coverOf } from "../overlap.ts";
import { processorTimeOf } from "../processor-time.ts";
import { savingOfTail } from "../saving.ts";
import { handlerName } from "../sites.ts";
import { atPlace, handledLives, handlerSite, worstOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const loopOverdue: Rule = {
  id: "loop-overdue",
  title: "Overdue event loop",
  window: "threads that have more than one turn",
  leastObservations:
    "one late turn of the loop, and 5 stretches of 20 ms of processor time or blocking calls (`leastTimes`, `leastMillis`) in which a handler let nobody else run, in half of its runs",
  materiality:
    "5 % of the threads' time (`leastShare`), and 10 % of the p99 of the events that were kept (`leastScore`)",
  notConfusedWith: "a long synchronous handler in a thread that has no other turn",
  reads: [
    "loopOverdue",
    "handlerStarted",
    "handlerSuspended",
    "handlerResumed",
    "handlerEnded",
    "blockingCallStarted",
    "blockingCallEnded",
    "osSampled",
  ],
  thresholds: { leastTimes: 5, leastMillis: 20, leastShare: 5, leastScore: 10 },
  find(context) {
    const { load, records } = context;
    if (records.loopOverdue.length === 0 || load.window === 0) return [];
    const late = new Set(records.loopOverdue.map(({ thread }) => thread));
    const stretches = longStretches(context).filter(({ thread }) => late.has(thread));
    return [...groupBy(stretches, ({ handler }) => handler)].flatMap(([handler, own]) =>
      overdue(context, handler, own),
    );
  },
};

interface Stretch {
  readonly thread: number;
  readonly handler: number;
  readonly start: number;
  readonly end: number;
}

/** From a turn's start, or its return from an await, to its next await or its end; by the processor time and the blocking calls in it. */
function longStretches(context: RuleContext): Stretch[] {
  const least = threshold(context, "leastMillis") * 1e6;
  const suspended = new Map(
    [...context.activities].map(([thread, own]) => [
      thread,
      groupBy(
        own.filter(({ kind }) => kind === "suspended"),
        ({ turn }) => `${thread} ${turn}`,
      ),
    ]),
  );
  const processorTime = processorTimeOf(context.records.osSampled);
  return handledLives(context).flatMap(({ thread = -1, handler, turnKey = "", started, ended }) => {
    const pauses = suspended.get(thread)?.get(turnKey) ?? [];
    const starts = [started, ...pauses.map(({ end }) => end)];
    const ends = [...pauses.map(({ start }) => start), ended];
    return starts.flatMap((start, index): Stretch[] => {
      const end = ends[index] ?? ended;
      if (end - start < least) return [];
      const turn = Number(turnKey.split(" ")[1]);
      const blocked = within(context.activities, { thread, turn }, start, end)
        .filter(({ activity }) => activity.kind !== "suspended")
        .reduce((sum, { nanos }) => sum + nanos, 0);
      const kept = blocked + processorTime(thread, start, end);
      return kept < least ? [] : [{ thread, handler, start, end }];
    });
  });
}

function overdue(context: RuleContext, handler: number, stretches: readonly Stretch[]): Cause[] {
  const { trace, load } = context;
  const covers = new Map(
    [...groupBy(stretches, ({ thread }) => thread)].map(([thread, own]) => [
      thread,
      coverOf(own.toSorted((one, other) => one.start - other.start)),
    ]),
  );
  const total = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
  const share = total / (load.window * load.threads);
  const kept = ({ thread, submitted, ended }: Handled): number =>
    covers.get(thread ?? -1)?.(submitted, ended) ?? 0;
  const others = handledLives(context).filter((life) => life.handler !== handler);
  const { before: _, ...saving } = savingOfTail(others, kept);
  if (stretches.length < threshold(context, "leastTimes")) return [];
  // What comes in pieces has its stretches by chance: a piece during which the thread lost its processor.
  const runs = context.runs.filter((run) => run.handler === handler).length;
  if (stretches.length < runs / 2) return [];
  if (share * 100 < threshold(context, "leastShare")) return [];
  if (saving.score < threshold(context, "leastScore")) return [];
  const site = handlerSite(trace, handler);
  const name = handlerName(trace, handler);
  const longest = largestOf(stretches.map(({ start, end }) => end - start));
  return [
    {
      subject: name,
      site,
      saving,
      sentence:
        `Handler "${name}" keeps its thread's event loop while other turns could go on: ${times(stretches.length)} for up to ` +
        `${duration(longest)}, ${percent(share)} of the threads' time${atPlace(site)}.`,
      advice:
        "Do the long computation in an event of its own, or in pieces with an await between them.",
      remedies: [{ kind: "async-twin" }],
      threads: [...covers.keys()],
      intervals: worstOf(stretches),
      is: [`loop:${name}`],
      explains: ["queue"],
    },
  ];
}
