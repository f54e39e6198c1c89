// A handler that does not come back: still running at the end, or until its thread was replaced at its deadline.

import { largestOf } from "../../base/extremes.ts";
import { count, duration, times } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Run } from "../handles.ts";
import { savingOfHazard } from "../saving.ts";
import { handlerName } from "../sites.ts";
import { atPlace, handlerSite, threadsOf, worstOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const hangingHandler: Rule = {
  id: "hanging-handler",
  title: "Hanging handler",
  window: "runs of a handler that had no end",
  leastObservations: "one",
  materiality: "1 s (`leastMillis`) and ten times the handler's p99 (`leastFactor`)",
  notConfusedWith:
    "a long handler that the run's end cut off; a thread that waits for a lock in a deadlock",
  reads: ["handlerStarted", "handlerEnded", "handlerFailed", "threadCrashed"],
  thresholds: { leastMillis: 1000, leastFactor: 10 },
  find(context) {
    const hanging = hangingRuns(context);
    return [...groupBy(hanging, ({ handler }) => handler)].map(([handler, runs]) =>
      hangs(context, handler, runs),
    );
  },
};

function hangingRuns(context: RuleContext): Run[] {
  const { runs, trace, latencies, load } = context;
  const leastMillis = threshold(context, "leastMillis");
  const leastFactor = threshold(context, "leastFactor");
  const p99 = new Map(latencies.map(({ handler, service }) => [handler, service.p99]));
  return runs.filter(({ how, start, end, handler }) => {
    if (how === "returned") return false;
    const usual = p99.get(handlerName(trace, handler)) ?? 0;
    if (end - start < Math.max(leastMillis * 1e6, leastFactor * usual)) return false;
    // A run that is told to stop takes its last events with it.
    return how === "died" || end > load.end || trace.footer === undefined;
  });
}

function hangs({ trace, load, lives }: RuleContext, handler: number, runs: readonly Run[]): Cause {
  const name = handlerName(trace, handler);
  const site = handlerSite(trace, handler);
  const replaced = runs.filter(({ how }) => how === "died").length;
  const longest = largestOf(runs.map(({ start, end }) => end - start));
  const end =
    replaced === runs.length
      ? "until its thread was replaced"
      : `${count(runs.length - replaced)} of them to the end of the trace`;
  return {
    subject: name,
    site,
    saving: savingOfHazard(load, runs.length / Math.max(1, lives.lives.size)),
    sentence: `Handler "${name}" did not come back ${times(runs.length)}: it ran for up to ${duration(longest)}, ${end}${atPlace(site)}.`,
    advice: "Give each wait in it a timeout, listen to ctx.signal, and look at its loops' ends.",
    threads: threadsOf(runs),
    intervals: worstOf(runs),
    is: [`hanging:${name}`, "hanging"],
    explains: [
      `crash:${name}`,
      `failing:${name}`,
      `retries:${name}`,
      "abandoned",
      "queue",
      "capacity",
    ],
  };
}
