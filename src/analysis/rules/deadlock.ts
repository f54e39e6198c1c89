// Turns that wait for each other in a circle. It is found in waits that have not ended, also while the run still goes, and in
// waits that a lock refused because they would have closed a circle. A blocked thread gives no stack: what is said is where
// each took the lock that it holds and where it wants the other.

import { largestOf } from "../../base/extremes.ts";
import { duration, times } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import { familyOf } from "../lock-family.ts";
import { savingOfHazard } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import { openCircles, refusedCircles, type Circle, type WaitsFor } from "../wait-for.ts";
import { placeOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

/** Those that last at the end of what was recorded; the others were refused before they could. */
export const hangingMechanism = "hanging";

export const deadlock: Rule = {
  id: "deadlock",
  title: "Deadlock",
  window: "the last moment that was recorded, and each wait that was refused",
  leastObservations: "one circle of waits",
  materiality:
    "always; while the run goes, waits of 0.5 s (`leastMillis`), since what threads did last is written later by some than by others",
  notConfusedWith: "a long wait for a lock whose holder still runs; a timeout",
  reads: [
    "lockWaitStarted",
    "lockWaitSegment",
    "lockWaitEnded",
    "lockAcquired",
    "lockReleased",
    "stateSeen",
    "holdSeen",
  ],
  thresholds: { leastMillis: 500 },
  find(context) {
    const { trace, use, records } = context;
    const isOver = trace.footer !== undefined;
    const least = isOver ? 0 : threshold(context, "leastMillis") * 1e6;
    const open = openCircles(use, records, trace.endNanos, least);
    return [
      ...open.map((circle) => hanging(context, circle)),
      ...refused(context, refusedCircles(use)),
    ];
  },
};

function hanging(context: RuleContext, circle: Circle): Cause {
  const since = largestOf(circle.map(({ wait }) => wait.start));
  const lasted = duration(context.trace.endNanos - since);
  return {
    ...common(context, circle),
    mechanism: hangingMechanism,
    saving: { ...savingOfHazard(context.load, 1), metric: "throughput" },
    sentence: `Deadlock, for ${lasted} by then: ${textOf(context, circle)}.`,
    intervals: [{ start: since, end: context.trace.endNanos }],
  };
}

/** One cause for all circles over locks of the same kinds. */
function refused(context: RuleContext, circles: readonly Circle[]): Cause[] {
  const nameOf = lockNames(context.trace);
  const kinds = groupBy(circles, (circle) => kindsOf(circle, nameOf));
  return [...kinds].flatMap(([, own]): Cause[] => {
    // The one that was recorded to its end tells most.
    const [best] = own.toSorted((one, other) => other.length - one.length);
    if (best === undefined) return [];
    const { lives, load } = context;
    return [
      {
        ...common(context, best),
        mechanism: "refused",
        saving: savingOfHazard(load, own.length / Math.max(1, lives.lives.size)),
        sentence: `Deadlock, refused ${times(own.length)} by the lock that would have closed the circle: ${textOf(context, best)}.`,
        intervals: own.slice(0, 3).map(([first]) => ({
          start: first?.wait.start ?? 0,
          end: first?.wait.end ?? 0,
        })),
      },
    ];
  });
}

function kindsOf(circle: Circle, nameOf: (lock: number) => string): string {
  return [...new Set(circle.map(({ wait }) => familyOf(nameOf(wait.lock))))].sort().join(",");
}

function common(
  { trace }: RuleContext,
  circle: Circle,
): Omit<Cause, "saving" | "sentence" | "intervals"> {
  const nameOf = lockNames(trace);
  const locks = circle.map(({ wait }) => nameOf(wait.lock));
  return {
    subject: kindsOf(circle, nameOf),
    site: siteOf(trace, circle[0]?.wait.site ?? 0),
    advice:
      "Take these locks in one order everywhere, or try the second one with tryAcquire and give the first one back.",
    remedies: [{ kind: "global-lock-order" }],
    related: circle.flatMap(({ wait, ownerSite }) => {
      const wanted = siteOf(trace, wait.site);
      const held = siteOf(trace, ownerSite);
      const name = nameOf(wait.lock);
      return [
        ...(wanted === undefined ? [] : [{ sentence: `wants "${name}"`, site: wanted }]),
        ...(held === undefined ? [] : [{ sentence: `took "${name}" and holds it`, site: held }]),
      ];
    }),
    threads: [...new Set(circle.map(({ wait }) => wait.thread))],
    is: ["deadlock"],
    explains: [
      ...locks.flatMap((lock) => [`lock:${lock}`, `order:${lock}`, `left-held:${lock}`]),
      "hanging",
      "queue",
      "capacity",
    ],
  };
}

function textOf({ trace }: RuleContext, circle: Circle): string {
  const nameOf = lockNames(trace);
  const at = (site: number): string => {
    const place = siteOf(trace, site);
    return place === undefined ? "" : ` (${placeOf(place)})`;
  };
  return circle
    .map(({ wait, owner, ownerSite }: WaitsFor) => {
      const holder = owner.thread < 0 ? "another thread" : `thread ${owner.thread}`;
      return `thread ${wait.thread} waits for "${nameOf(wait.lock)}"${at(wait.site)}, held by ${holder}${at(ownerSite)}`;
    })
    .join("; ");
}
