// Two locks that are taken in both orders: a deadlock that has not happened yet. Seen in one run, with one thread, without
// any wait. Circles are found by instance and told by kind: transfers between `account-3` and `account-17` are one cause.

import { smallestOf } from "../../base/extremes.ts";
import { counted } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import { familyOf } from "../lock-family.ts";
import { orderCycles, orderEdges, type OrderEdge } from "../lock-order.ts";
import { savingOfHazard } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import { atPlace, placeOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const lockOrderInversion: Rule = {
  id: "lock-order-inversion",
  title: "Lock-order inversion",
  window: "the whole run, whatever the order of time",
  leastObservations: "one circle of locks, each taken while the one before it was held",
  materiality: "always: what it would cost can't be told from a run in which it did not happen",
  notConfusedWith:
    "a circle that a common gate lock guards; locks of one kind in one order (`account-3` before `account-17`); locks that one thread alone takes, `leastAcquires` times, while others handle as many events",
  reads: ["lockAcquired", "lockReleased", "lockOrderEdge"],
  thresholds: { leastAcquires: 20 },
  find(context) {
    const { trace, use, records } = context;
    const nameOf = lockNames(trace);
    const exclusive = new Set(
      trace.tables.locks
        .filter(
          ({ kind, name }) =>
            kind !== "condition" &&
            kind !== "barrier" &&
            kind !== "semaphore" &&
            !name.startsWith("poolscope:"),
        )
        .map(({ index }) => index),
    );
    const edges = orderEdges(use, records).filter(
      ({ held, wanted }) => exclusive.has(held) && exclusive.has(wanted),
    );
    const cycles = orderCycles(edges).filter((cycle) => canMeetAcrossThreads(context, cycle));
    const kinds = groupBy(cycles, (cycle) =>
      [...new Set(cycle.map(({ held }) => familyOf(nameOf(held))))].sort().join(","),
    );
    return [...kinds].map(([kind, own]) => inversion(context, kind, own));
  },
};

/**
 * With several threads, locks that one of them alone takes again and again are its own; unless it alone handles events, as where one
 * comes at a time.
 */
function canMeetAcrossThreads(context: RuleContext, cycle: readonly OrderEdge[]): boolean {
  const { use, trace } = context;
  const least = threshold(context, "leastAcquires");
  const threads = trace.tables.threads.filter(({ kind }) => kind === "pool").length;
  if (threads < 2) return true;
  const locks = new Set(cycle.map(({ held }) => held));
  const holds = use.holds.filter(({ lock }) => locks.has(lock));
  const takers = new Set([...holds, ...cycle].map(({ thread }) => thread));
  const others = context.threads.filter(({ thread }) => !takers.has(thread));
  const handledByOthers = others.reduce((sum, { events }) => sum + events, 0);
  return takers.size > 1 || holds.length < least || handledByOthers < least;
}

function inversion(
  { trace, load }: RuleContext,
  kind: string,
  cycles: readonly (readonly OrderEdge[])[],
): Cause {
  const nameOf = lockNames(trace);
  const [cycle = []] = cycles.toSorted((one, other) => timesOf(other) - timesOf(one));
  const orders = cycle.map(({ held, wanted, wantedSite }) => {
    const site = siteOf(trace, wantedSite);
    return `"${nameOf(wanted)}" while holding "${nameOf(held)}"${site === undefined ? "" : ` (${placeOf(site)})`}`;
  });
  // The order that is taken less often is the one to change.
  const rare = cycle.toSorted((one, other) => one.times - other.times)[0];
  const site = siteOf(trace, rare?.wantedSite ?? 0);
  const more =
    cycles.length === 1
      ? ""
      : ` So it is with ${counted(cycles.length - 1, "more circle")} of this kind.`;
  return {
    subject: kind,
    site,
    saving: savingOfHazard(load),
    sentence: `Locks are taken in both orders: ${orders.join(", and ")}. When two turns do so at once, they wait for each other for ever${atPlace(site)}.${more}`,
    advice: "Take these locks in one order everywhere, by name or by number.",
    remedies: [{ kind: "global-lock-order" }],
    related: cycle.flatMap(({ held, heldSite, wanted, wantedSite }) => {
      const first = siteOf(trace, heldSite);
      const second = siteOf(trace, wantedSite);
      return [
        ...(first === undefined
          ? []
          : [{ sentence: `takes "${nameOf(held)}" first`, site: first }]),
        ...(second === undefined
          ? []
          : [{ sentence: `then takes "${nameOf(wanted)}"`, site: second }]),
      ];
    }),
    threads: [...new Set(cycle.map(({ thread }) => thread))].sort((one, other) => one - other),
    intervals: cycle.map(({ at }) => ({ start: at, end: at })),
    is: cycles.flat().map(({ held }) => `order:${nameOf(held)}`),
    explains: [],
  };
}

function timesOf(cycle: readonly OrderEdge[]): number {
  return smallestOf(cycle.map(({ times }) => times));
}
