// A turn that settled while it held a guard: the pool gave the lock back, later than the handler should have.

import { counted } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import type { Seen } from "../records.ts";
import { savingOf, savingOfHazard, type Saving } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import { atPlace, functionOf, threadsOf } from "./evidence.ts";
import type { Cause, Rule, RuleContext } from "./rule.ts";

export const guardLeftHeld: Rule = {
  id: "guard-left-held",
  title: "Guard left held",
  window: "the end of each turn",
  leastObservations: "one",
  materiality: "always",
  notConfusedWith: "a guard that is given to another turn: locks belong to the turn that took them",
  reads: ["guardLeftHeld"],
  thresholds: {},
  find(context) {
    const left = groupBy(context.records.guardLeftHeld, ({ b }) => b);
    return [...left.values()].map((own) => leftHeld(context, own));
  },
};

function leftHeld(context: RuleContext, left: readonly Seen[]): Cause {
  const { trace, load, runs } = context;
  const nameOf = lockNames(trace);
  const locks = [...new Set(left.map(({ a }) => nameOf(a)))];
  const site = siteOf(trace, left[0]?.b ?? 0);
  const subject = locks[0] ?? "";
  const named = locks.length === 1 ? `lock "${subject}"` : `${locks.length} locks`;
  const by = site === undefined ? "A handler" : functionOf(site);
  return {
    subject,
    site,
    saving: worse(
      savingOfHazard(load, left.length / Math.max(1, runs.length)),
      waitsFor(context, left),
    ),
    sentence: `${by} left ${named} held at the end of ${counted(left.length, "turn")}${atPlace(site)}.`,
    advice: "Release the guard on every path: with `using`, in a finally block, or by `run`.",
    remedies: [{ kind: "scoped-release" }],
    threads: threadsOf(left),
    intervals: left.slice(0, 3).map(({ time }) => ({ start: time, end: time })),
    is: locks.map((lock) => `left-held:${lock}`),
    explains: locks.map((lock) => `lock:${lock}`),
  };
}

/** What the waits for these locks cost, as far as they go back to this site. */
function waitsFor({ blames, load }: RuleContext, left: readonly Seen[]): Saving {
  const own = [...new Set(left.map(({ a }) => a))].flatMap((lock) => blames.get(lock) ?? []);
  const site = left[0]?.b ?? 0;
  const turns = own.reduce((sum, { sites }) => sum + (sites.get(site) ?? 0), 0);
  const ofTurn = (turn: string): number =>
    own.reduce((sum, blame) => sum + (blame.turns.get(turn) ?? 0), 0);
  return savingOf(load, { turns, ofTurn });
}

function worse(one: Saving, other: Saving): Saving {
  return other.score > one.score ? other : one;
}
