// Threads wait for a lock: one cause for each lock, at the acquire of the holds that the waits go back to. A chain of locks is
// charged to its last one; instances of one kind of lock (`account-*`) are one cause unless one of them stands out.

import { duration, percent, times } from "../../base/figures.ts";
import type { Blame } from "../blame.ts";
import { subjectsOf, together } from "../lock-family.ts";
import { mechanismOf, medianHold, type Mechanism } from "../lock-mechanism.ts";
import type { Finding, Remedy, Site } from "../report.ts";
import { savingOf } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import type { LockWait } from "../waits.ts";
import { addTo, functionOf, longestFirst, placeOf } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const lockContention: Rule = {
  id: "lock-contention",
  title: "Lock contention",
  window: "the whole run, and waits in at least 3 of its 20 parts",
  leastObservations: "20 waits for the lock (`leastWaits`)",
  materiality:
    "2 % of the threads' time (`leastShare`), and 5 % of throughput or p99 (`leastScore`), 15 % for a convoy (`leastConvoyScore`)",
  notConfusedWith:
    "a short busy lock; a long hold that nobody waits for; a burst; barging, which moves waits but adds none",
  reads: [
    "lockWaitStarted",
    "lockWaitSegment",
    "lockWaitEnded",
    "lockAcquired",
    "lockReleased",
    "blockingCallStarted",
    "blockingCallEnded",
    "rawWaitStarted",
    "rawWaitEnded",
    "handlerSuspended",
    "handlerResumed",
  ],
  thresholds: { leastShare: 2, leastWaits: 20, leastScore: 5, leastConvoyScore: 15 },
  find(context) {
    const { blames, trace } = context;
    return [...subjectsOf(blames.values(), lockNames(trace))].flatMap(([subject, members]) => {
      const blame = together(members);
      if (!isMaterial(context, blame)) return [];
      const cause = contention(context, subject, members, blame);
      // What a short hold costs is its hand-over, which the machine's load makes long now and then.
      const least = cause.mechanism === "convoy" ? "leastConvoyScore" : "leastScore";
      return cause.saving.score < threshold(context, least) ? [] : [cause];
    });
  },
};

/**
 * Processor time of the lock itself, nanoseconds (medians measured). Of a wait: of the thread that notifies and of the one that goes
 * to sleep and wakes. Of a hold that is waited for: what taking it and giving it back take more of than a short loop's turn.
 */
const processorOf = { wait: 15_000, hold: 2000 } as const;

const parts = 20;
const leastParts = 3;

function isMaterial(context: RuleContext, blame: Blame): boolean {
  const waits = [...blame.waits.values()].flat();
  if (waits.length < threshold(context, "leastWaits")) return false;
  if (shareOf(context, blame) * 100 < threshold(context, "leastShare")) return false;
  const { start, window } = context.load;
  const seen = new Set(waits.map((wait) => Math.floor(((wait.start - start) / window) * parts)));
  return seen.size >= leastParts;
}

/** Of the time that the pool's turns can take. */
function shareOf({ load }: RuleContext, blame: Blame): number {
  return load.window === 0 ? 0 : blame.total / (load.window * load.slots);
}

function contention(
  context: RuleContext,
  subject: string,
  members: readonly Blame[],
  blame: Blame,
): Cause {
  const { trace, use, lives, load, threads } = context;
  const nameOf = lockNames(trace);
  const locks = new Set(members.map(({ lock }) => lock));
  const holds = use.holds.filter(({ lock }) => locks.has(lock));
  const mechanism = mechanismOf({ blame, holds, lives, load });
  const waits = [...blame.waits.values()].flat();
  const sites = longestFirst(blame.sites).map(([site, nanos]) => ({
    site: siteOf(trace, site),
    nanos,
  }));
  const culprit = sites.find(({ site }) => site !== undefined)?.site;
  const waiting = mostAtOnce(waits);
  const lock =
    members.length === 1 ? `Lock "${subject}"` : `${members.length} locks "${subject}" together`;
  const verb = members.length === 1 ? "keeps" : "keep";
  const held =
    culprit === undefined ? "" : `: ${functionOf(culprit)} holds it, ${placeOf(culprit)}`;
  const behind = [...blame.waits.keys()].filter((each) => !locks.has(each)).map(nameOf);
  return {
    mechanism,
    subject,
    site: culprit,
    saving: savingOf(load, {
      turns: blame.total,
      processor: waits.length * processorOf.wait + blame.holds.size * processorOf.hold,
      ofTurn: (turn) => blame.turns.get(turn) ?? 0,
    }),
    sentence:
      `${lock} ${verb} up to ${waiting} of ${Math.max(waiting, threads.length)} threads waiting, ` +
      `${percent(shareOf(context, blame))} of all thread time${held}` +
      `${mechanismText(context, mechanism, blame)}.${chainText(behind)}`,
    advice: advice[mechanism],
    remedies: remedies[mechanism],
    related: [
      ...insideOf(context, blame),
      ...othersOf(sites.slice(1)),
      ...victimsOf(context, waits),
    ],
    threads: [...new Set(waits.map(({ thread }) => thread))].sort((a, b) => a - b),
    intervals: worstOf(waits),
    is: members.map(({ lock: each }) => `lock:${nameOf(each)}`),
    explains: ["queue", "capacity", ...behind.map((each) => `lock:${each}`)],
  };
}

const advice: Readonly<Record<Mechanism, string>> = {
  "hold-across-await": "Give the lock back before the await, and take it again for what needs it.",
  "hold-across-blocking-call":
    "Make the blocking call before the lock is taken, or after it is given back.",
  "unfair-hand-over": "Take the lock once for the whole loop, or do more between two acquires.",
  convoy:
    "Take the lock less often: Atomics for a counter, a lock for each part of the data, or several entries at once.",
  "serialised-execution":
    "Nearly all of the handler's work is done under this lock, so that threads only take turns: hold it for the shared data alone.",
  "long-hold": "Do what needs no lock before it is taken.",
};

const remedies: Readonly<Record<Mechanism, readonly Remedy[]>> = {
  "hold-across-await": [{ kind: "move-out-of-lock" }],
  "hold-across-blocking-call": [{ kind: "move-out-of-lock" }, { kind: "async-twin" }],
  "unfair-hand-over": [{ kind: "atomics-add" }, { kind: "striped-lock" }],
  convoy: [{ kind: "atomics-add" }, { kind: "striped-lock" }, { kind: "read-write-lock" }],
  "serialised-execution": [
    { kind: "move-out-of-lock" },
    { kind: "atomics-add" },
    { kind: "striped-lock" },
    { kind: "read-write-lock" },
  ],
  "long-hold": [{ kind: "move-out-of-lock" }, { kind: "atomics-add" }, { kind: "read-write-lock" }],
};

function mechanismText({ trace }: RuleContext, mechanism: Mechanism, blame: Blame): string {
  const hold = duration(medianHold(blame));
  const [worst] = [...blame.inside.values()].sort((one, other) => other.nanos - one.nanos);
  const at = worst === undefined ? undefined : siteOf(trace, worst.activity.site);
  const call = worst === undefined ? "a blocking call" : worst.activity.name;
  switch (mechanism) {
    case "hold-across-await":
      return `, across an await, ${hold} at a time`;
    case "hold-across-blocking-call":
      return `, across ${call}${at === undefined ? "" : ` (${placeOf(at)})`}, ${hold} at a time`;
    case "unfair-hand-over":
      return ", and takes it again before those who waited get it";
    case "convoy":
      return `, for only ${hold} at a time: handing it over is what costs`;
    case "serialised-execution":
      return `, for ${hold} at a time and for most of what it does: the threads take turns`;
    case "long-hold":
      return `, for ${hold} at a time`;
  }
}

function chainText(behind: readonly string[]): string {
  if (behind.length === 0) return "";
  return ` Waits for ${behind.map((lock) => `"${lock}"`).join(", ")} go back to it.`;
}

function insideOf({ trace }: RuleContext, blame: Blame): Finding["related"] {
  return [...blame.inside.values()].flatMap(({ activity, nanos }) => {
    const site = siteOf(trace, activity.site);
    if (site === undefined) return [];
    return [{ sentence: `${activity.name} took ${duration(nanos)} of the waits`, site }];
  });
}

function othersOf(
  sites: readonly { readonly site: Site | undefined; readonly nanos: number }[],
): Finding["related"] {
  return sites.flatMap(({ site, nanos }) =>
    site === undefined ? [] : [{ sentence: `holds it for ${duration(nanos)} of the waits`, site }],
  );
}

function victimsOf({ trace }: RuleContext, waits: readonly LockWait[]): Finding["related"] {
  const bySite = new Map<number, number>();
  for (const { site } of waits) addTo(bySite, site, 1);
  return longestFirst(bySite).flatMap(([index, number]) => {
    const site = siteOf(trace, index);
    return site === undefined ? [] : [{ sentence: `waits here ${times(number)}`, site }];
  });
}

function worstOf(waits: readonly LockWait[]): Finding["intervals"] {
  return waits
    .toSorted((one, other) => other.end - other.start - (one.end - one.start))
    .slice(0, 3)
    .map(({ start, end }) => ({ start, end }));
}

function mostAtOnce(waits: readonly LockWait[]): number {
  const changes = waits.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]);
  changes.sort((one, other) => one.at - other.at || one.by - other.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) most = Math.max(most, (now += by));
  return most;
}
