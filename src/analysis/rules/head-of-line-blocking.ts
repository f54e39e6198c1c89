// Quick events wait behind slow ones: the slow type has every thread, with each turn that it may have, and the queue lets nobody
// pass.

import { count, duration, percent } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Handled } from "../load.ts";
import { coverOf } from "../overlap.ts";
import { savingOfTail } from "../saving.ts";
import { handlerName } from "../sites.ts";
import { atPlace, handledLives, handlerSite, worstOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const headOfLineBlocking: Rule = {
  id: "head-of-line-blocking",
  title: "Head-of-line blocking",
  window: "times in which every thread is in one slow type of event and others wait",
  leastObservations: "20 events of each (`leastEvents`)",
  materiality:
    "a type ten times as slow as the others (`leastFactor`) and no more than half of the events; a fifth of the others' p99 (`leastScore`)",
  notConfusedWith:
    "a queue that is long because all types together are too much; a queue by priority",
  reads: ["eventSubmitted", "eventSelected", "handlerStarted", "handlerEnded"],
  thresholds: { leastEvents: 20, leastFactor: 10, leastScore: 20 },
  find(context) {
    if (context.trace.header.configuration["queue"] === "priority") return [];
    const handled = handledLives(context);
    return [...groupBy(handled, ({ handler }) => handler)].flatMap(([handler, slow]) =>
      blocking(context, handler, slow, handled),
    );
  },
};

function blocking(
  context: RuleContext,
  handler: number,
  slow: readonly Handled[],
  all: readonly Handled[],
): Cause[] {
  const others = all.filter((life) => life.handler !== handler);
  const least = threshold(context, "leastEvents");
  if (slow.length < least || others.length < least || slow.length > others.length) return [];
  const usual = median(slow);
  if (usual < threshold(context, "leastFactor") * median(others)) return [];
  const { threads, slots } = context.load;
  const stuck = allTurnsIn(slow, Math.max(threads, slots));
  const cover = coverOf(stuck);
  const { before, ...saving } = savingOfTail(others, ({ submitted, selected, started }) =>
    cover(submitted, selected ?? started),
  );
  const { score } = saving;
  if (score < threshold(context, "leastScore")) return [];
  const { trace } = context;
  const name = handlerName(trace, handler);
  const site = handlerSite(trace, handler);
  const inAll = threads === 1 ? "the only thread is in it" : `all ${threads} threads are in it`;
  return [
    {
      subject: name,
      site,
      saving,
      sentence:
        `Events wait behind "${name}": it takes ${duration(usual)}, the others ${duration(median(others))}, and when ` +
        `${slots > threads ? `it has all ${slots} turns` : inAll} the rest waits: ` +
        `${percent(score / 100)} of their p99 of ${duration(before)}` +
        `${atPlace(site)}. It is ${count(slow.length)} of ${count(all.length)} events.`,
      advice:
        "Give the quick events a higher priority in a priority queue, or the slow ones a pool of their own.",
      remedies: [{ kind: "configuration", key: "queue", value: "priority" }],
      intervals: worstOf(stuck),
      is: ["queue"],
      explains: [],
    },
  ];
}

/** Of the service times. */
function median(lives: readonly Handled[]): number {
  const times = Float64Array.from(lives, ({ started, ended }) => ended - started).sort();
  return times[times.length >> 1] ?? 0;
}

function allTurnsIn(
  slow: readonly Handled[],
  turns: number,
): { readonly start: number; readonly end: number }[] {
  const changes = slow
    .flatMap(({ started, ended }) => [
      { at: started, by: 1 },
      { at: ended, by: -1 },
    ])
    .sort((one, other) => one.at - other.at || one.by - other.by);
  const spans: { start: number; end: number }[] = [];
  let open = 0;
  let since: number | undefined;
  for (const { at, by } of changes) {
    open += by;
    if (open >= turns && since === undefined) since = at;
    if (open >= turns || since === undefined) continue;
    spans.push({ start: since, end: at });
    since = undefined;
  }
  return spans;
}
