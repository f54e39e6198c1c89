// Threads that die, with the handler that they were in.

import { counted, times } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Seen } from "../records.ts";
import { savingOfHazard } from "../saving.ts";
import { handlerName } from "../sites.ts";
import { atPlace, handlerSite } from "./evidence.ts";
import { type Cause, type Rule, type RuleContext } from "./rule.ts";

export const crashingThread: Rule = {
  id: "crashing-thread",
  title: "Crashing thread",
  window: "the whole run",
  leastObservations: "one death",
  materiality: "always",
  notConfusedWith: "a thread that was replaced because its handler hung; the end of the run",
  reads: [
    "threadCrashed",
    "threadStarted",
    "handlerStarted",
    "retried",
    "settled",
    "lockAbandoned",
  ],
  thresholds: {},
  find(context) {
    const { trace, records } = context;
    // Who dies without a successor was ended with the run.
    // In the order of time: what stays is when a thread began last.
    const lastStart = new Map(records.threadStarted.map(({ thread, time }) => [thread, time]));
    const crashed = records.threadCrashed.filter(
      ({ small, time }) =>
        trace.footer === undefined || (lastStart.get(small) ?? -Infinity) >= time,
    );
    const died = new Map(
      context.runs
        .filter(({ how }) => how === "died")
        .map(({ thread, end, handler }) => [endOf(thread, end), handler]),
    );
    // By the handler that the thread was in when it died, -1 for none.
    const deaths = groupBy(crashed, ({ small, time }) => died.get(endOf(small, time)) ?? -1);
    return [...deaths].map(([handler, own]) => crash(context, handler, own));
  },
};

function endOf(thread: number, time: number): string {
  return `${thread} ${time}`;
}

function crash(context: RuleContext, handler: number, deaths: readonly Seen[]): Cause {
  const { trace, load, lives, records } = context;
  const name = handler < 0 ? "" : handlerName(trace, handler);
  const site = handlerSite(trace, handler);
  const reason = trace.tables.strings[deaths[0]?.b ?? 0] ?? "";
  const why = reason === "" ? `exit code ${deaths[0]?.a ?? "unknown"}` : reason;
  const retried = records.retried.filter(({ b }) => b === handler);
  const events = deaths.length;
  const isHidden = retried.every(({ a }) => lives.lives.get(a)?.outcome === "completed");
  const within = name === "" ? "between events" : `in handler "${name}"`;
  const again = retried.length === 0 ? "" : ` Events were run again ${times(retried.length)}.`;
  const locks = records.lockAbandoned.length === 0 ? "" : " Locks were left behind.";
  return {
    subject: name,
    site,
    saving: savingOfHazard(load, events / Math.max(1, lives.lives.size)),
    sentence: `${counted(events, "thread")} died ${within}${atPlace(site)}: ${why}.${again}${locks}`,
    advice:
      "Find what ends the thread: process.exit, memory beyond its limit, an error outside of the handler's own promise.",
    threads: [...new Set(deaths.map(({ small }) => small))],
    intervals: deaths.slice(0, 3).map(({ time }) => ({ start: time, end: time })),
    is: [`crash:${name}`, "crash"],
    // Where the second runs all came to a good end, that they hide this is what is to be told.
    explains: [...(isHidden ? [] : [`retries:${name}`]), "abandoned", `failing:${name}`],
  };
}
