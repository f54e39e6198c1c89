// A handler that throws for a noticeable part of its events.

import { count, percent } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Seen } from "../records.ts";
import { savingOfHazard } from "../saving.ts";
import { handlerName } from "../sites.ts";
import { addTo, atPlace, handlerSite, longestFirst, threadsOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const failingHandler: Rule = {
  id: "failing-handler",
  title: "Failing handler",
  window: "the whole run, by handler",
  leastObservations: "3 failures (`leastFailures`)",
  materiality: "2 % of the handler's events (`leastShare`)",
  notConfusedWith: "events that were cancelled, or failed because their thread died",
  reads: ["handlerFailed", "settled"],
  thresholds: { leastFailures: 3, leastShare: 2 },
  find(context) {
    const { records, lives } = context;
    const events = new Map<number, number>();
    for (const { handler } of lives.lives.values()) addTo(events, handler, 1);
    return [...groupBy(records.handlerFailed.filter(isOwn(context)), ({ b }) => b)].flatMap(
      ([handler, failed]) => {
        const all = Math.max(failed.length, events.get(handler) ?? 0);
        if (failed.length < threshold(context, "leastFailures")) return [];
        if ((failed.length / all) * 100 < threshold(context, "leastShare")) return [];
        return [failing(context, handler, failed, all)];
      },
    );
  },
};

/** A refused wait fails its event too, and is a deadlock's symptom; so is what was cancelled. */
function isOwn({ trace, lives }: RuleContext): (failure: Seen) => boolean {
  return ({ a, c }) =>
    lives.lives.get(a)?.outcome !== "cancelled" &&
    !(trace.tables.strings[c] ?? "").startsWith("DeadlockError");
}

function failing(
  { trace, load, lives }: RuleContext,
  handler: number,
  failed: readonly Seen[],
  all: number,
): Cause {
  const name = handlerName(trace, handler);
  const site = handlerSite(trace, handler);
  const messages = new Map<number, number>();
  for (const { c } of failed) addTo(messages, c, 1);
  const [worst] = longestFirst(messages);
  const message = trace.tables.strings[worst?.[0] ?? 0] ?? "";
  const kinds = messages.size === 1 ? "" : `, one of ${messages.size} messages`;
  return {
    subject: name,
    site,
    saving: savingOfHazard(load, failed.length / Math.max(1, lives.lives.size)),
    sentence:
      `Handler "${name}" failed ${count(failed.length)} of ${count(all)} times, ${percent(failed.length / all)}${atPlace(site)}: ` +
      `${message === "" ? "no message was recorded" : message}${kinds}.`,
    advice: "Handle what it throws, or refuse such events where they are submitted.",
    threads: threadsOf(failed),
    intervals: failed.slice(0, 3).map(({ time }) => ({ start: time, end: time })),
    is: [`failing:${name}`],
    explains: [],
  };
}
