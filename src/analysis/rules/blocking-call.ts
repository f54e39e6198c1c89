// Blocking calls that keep every thread of the pool at once while events wait. One thread in a blocking call is what threads are for.

import { count, duration, percent } from "../../base/figures.ts";
import type { Activity } from "../activities.ts";
import { isPoolThread, siteOf } from "../sites.ts";
import { savingOf } from "../saving.ts";
import {
  addTo,
  atPlace,
  handledLives,
  longestFirst,
  threadsOf,
  turnKeyOf,
  worstOf,
} from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const blockingCall: Rule = {
  id: "blocking-call",
  title: "Blocking call in every thread",
  window: "times in which every thread of the pool is in a blocking call and events wait",
  leastObservations: "20 calls (`leastCalls`)",
  materiality: "10 % of the run (`leastShare`), and 2 % of throughput or p99",
  notConfusedWith:
    "synchronous input and output in a synchronous handler while other threads are free",
  reads: [
    "blockingCallStarted",
    "blockingCallEnded",
    "rawWaitStarted",
    "rawWaitEnded",
    "eventSubmitted",
    "eventSelected",
  ],
  thresholds: { leastCalls: 20, leastShare: 10 },
  find(context) {
    const { load } = context;
    const calls = poolCalls(context);
    if (calls.length < threshold(context, "leastCalls") || load.window === 0) return [];
    const stuck = stuckSpans(context, calls);
    const total = stuck.reduce((sum, { start, end }) => sum + end - start, 0);
    if ((total / load.window) * 100 < threshold(context, "leastShare")) return [];
    return [everyThread(context, calls, stuck, total)];
  },
};

function poolCalls({ trace, activities }: RuleContext): Activity[] {
  return [...activities]
    .filter(([thread]) => isPoolThread(trace, thread))
    .flatMap(([, own]) => own.filter(({ kind }) => kind !== "suspended"));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** When all threads are in calls and events wait. */
function stuckSpans(context: RuleContext, calls: readonly Activity[]): Span[] {
  const { load } = context;
  const changes = [
    ...calls.flatMap(({ start, end }) => [
      { at: start, calls: 1, waiting: 0 },
      { at: end, calls: -1, waiting: 0 },
    ]),
    ...handledLives(context).flatMap(({ submitted, selected, started }) => [
      { at: submitted, calls: 0, waiting: 1 },
      { at: selected ?? started, calls: 0, waiting: -1 },
    ]),
  ].sort((one, other) => one.at - other.at);
  const spans: Span[] = [];
  let inCalls = 0;
  let waiting = 0;
  let since: number | undefined;
  for (const change of changes) {
    inCalls += change.calls;
    waiting += change.waiting;
    const stuck = inCalls >= load.threads && waiting > 0;
    if (stuck && since === undefined) since = change.at;
    if (stuck || since === undefined) continue;
    spans.push({ start: since, end: change.at });
    since = undefined;
  }
  return spans;
}

function everyThread(
  { trace, load }: RuleContext,
  calls: readonly Activity[],
  stuck: readonly Span[],
  total: number,
): Cause {
  const byCall = new Map<string, number>();
  const perTurn = new Map<string, number>();
  const one = new Map<string, Activity>();
  for (const call of calls) {
    const key = `${call.name} ${call.site}`;
    one.set(key, call);
    addTo(byCall, key, call.end - call.start);
    addTo(perTurn, turnKeyOf(call), call.end - call.start);
  }
  const [worst, ...others] = longestFirst(byCall).map(([key]) => one.get(key));
  const site = siteOf(trace, worst?.site ?? 0);
  const name = worst?.name ?? "";
  const blocked =
    load.threads === 1
      ? "The only thread is in a blocking call"
      : `All ${load.threads} threads are in blocking calls at once`;
  return {
    subject: name,
    site,
    saving: savingOf(load, {
      turns: Math.min(load.busy, total * load.threads),
      ofTurn: (turn) => perTurn.get(turn) ?? 0,
    }),
    sentence:
      `${blocked} for ${percent(total / load.window)} of the run while events wait, ` +
      `mostly in ${name}${atPlace(site)}: ${count(calls.length)} calls of ${duration(meanOf(calls))}.`,
    advice: `Use the asynchronous form of ${name} in an async handler with more concurrentEvents, or give the pool more threads.`,
    remedies: [{ kind: "async-twin" }],
    related: others.flatMap((call) => {
      const at = siteOf(trace, call?.site ?? 0);
      return at === undefined ? [] : [{ sentence: `also in ${call?.name ?? ""}`, site: at }];
    }),
    threads: threadsOf(calls),
    intervals: worstOf(stuck),
    is: [`blocking:${name}`, "capacity"],
    explains: ["queue", "capacity"],
  };
}

function meanOf(calls: readonly Activity[]): number {
  return calls.reduce((sum, { start, end }) => sum + end - start, 0) / Math.max(1, calls.length);
}
