// Events that came to a good end only because they were run again: every figure is green, and a failure is hidden.

import { count, percent } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Seen } from "../records.ts";
import { savingOfHazard } from "../saving.ts";
import { handlerName } from "../sites.ts";
import { atPlace, handlerSite } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const hiddenRetries: Rule = {
  id: "hidden-retries",
  title: "Retries that hide a failure",
  window: "the whole run, by handler",
  leastObservations: "3 events (`leastEvents`)",
  materiality: "all of the handler's retried events completed",
  notConfusedWith:
    "a handler whose events fail in spite of their retries: that one crashes or fails",
  reads: ["retried", "settled"],
  thresholds: { leastEvents: 3 },
  find(context) {
    return [...groupBy(context.records.retried, ({ b }) => b)].flatMap(([handler, retried]) =>
      hidden(context, handler, retried),
    );
  },
};

function hidden(context: RuleContext, handler: number, retried: readonly Seen[]): Cause[] {
  const { trace, load, lives, runs } = context;
  const events = new Set(retried.map(({ a }) => a));
  const outcomes = [...events].map((event) => lives.lives.get(event)?.outcome);
  if (events.size < threshold(context, "leastEvents")) return [];
  if (outcomes.some((outcome) => outcome !== "completed")) return [];
  const name = handlerName(trace, handler);
  const site = handlerSite(trace, handler);
  const all = runs.filter((run) => run.handler === handler).length;
  return [
    {
      subject: name,
      site,
      saving: savingOfHazard(load, retried.length / Math.max(1, runs.length)),
      sentence:
        `${count(events.size)} events of "${name}" completed only when they were run again, ` +
        `${percent(retried.length / Math.max(1, all))} of its runs${atPlace(site)}: their threads died in the run before.`,
      advice: "Mend what ends the first run; retries are for what can't be mended.",
      intervals: retried.slice(0, 3).map(({ time }) => ({ start: time, end: time })),
      is: [`retries:${name}`],
      explains: [`crash:${name}`, "abandoned"],
    },
  ];
}
