// Who led when: spans of leadership, hand-off latency (promoted -> leads), gaps without a leader while events wait, and
// breaches of the pattern's invariants.

import { legalTransitions, roles, type Role } from "../trace/role.ts";
import type { Trace } from "../trace/trace.ts";
import { groupBy } from "../base/group-by.ts";
import { distributionOf } from "./distribution.ts";
import {
  leaderlessGaps,
  persistentGaps,
  type Change,
  type Gap,
  type ThreadSpan,
} from "./leaderless.ts";
import { handOffsOf, onTheirWay, promotionOf, type Promotion } from "./promotions.ts";
import { freeParts, runningParts, runningTurns, type TurnsIn } from "./running-turns.ts";
import type { Breach, Report } from "./report.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";
import { isPoolThread } from "./sites.ts";

export interface LeaderSpan {
  readonly thread: number;
  /** The handle set that it led. */
  readonly set: number;
  readonly start: number;
  readonly end: number;
  /** Time of the last event that it selected as leader, -1 for none. */
  readonly lastSelected: number;
}

interface Leadership {
  readonly spans: LeaderSpan[];
  readonly promotions: Promotion[];
  readonly breaches: Breach[];
  readonly changes: Change[];
  readonly follows: ThreadSpan[];
  /** By pool thread: when its role changed, ascending. */
  readonly roleTimes: Map<number, number[]>;
  /** By event, where it is not the first: its handle set; below 0 for one bound to a thread, which wants no leader. */
  readonly sets: Map<number, number>;
}

export interface LeadershipSeen {
  readonly leadership: Report["leadership"];
  readonly breaches: readonly Breach[];
  readonly spans: readonly LeaderSpan[];
  readonly gaps: readonly Gap[];
  /** In which a follower was promoted and did not run yet. */
  readonly onTheirWay: readonly ThreadSpan[];
}

export function leadershipOf(trace: Trace): LeadershipSeen {
  const found: Leadership = {
    spans: [],
    promotions: [],
    breaches: [],
    changes: [],
    follows: [],
    roleTimes: new Map(),
    sets: new Map(),
  };
  for (const thread of trace.threads) readThread(trace, thread.thread, found);
  found.spans.sort((first, second) => first.start - second.start);
  const sets = [...groupBy(found.spans, ({ set }) => set)];
  // Which events waited for their keys is not recorded: those that wait beside idle threads may have to.
  const isSeen = trace.header.configuration["exclusiveKeys"] !== true;
  const turnsIn = runningTurns(trace);
  for (const change of notIdle(found.follows, turnsIn)) found.changes.push(change);
  const gaps = (isSeen ? sets : [])
    .flatMap(([set, spans]) => {
      const able = spans.flatMap((span) => freeParts(span, turnsIn));
      return leaderlessGaps(changesOf(found, set), able, trace.endNanos);
    })
    .sort((first, second) => first.start - second.start);
  const ways = onTheirWay(found).flatMap((way) => freeParts(way, turnsIn));
  const busy = found.spans
    .flatMap((span) => runningParts(span, turnsIn))
    .sort((first, second) => first.start - second.start);
  return {
    leadership: {
      handOff: distributionOf(handOffsOf(found)),
      gaps: distributionOf(gaps.map(({ start, end }) => end - start)),
      promotions: found.promotions.filter(({ to }) => to >= 0).length,
    },
    breaches: [
      ...found.breaches,
      ...sets.flatMap(([, spans]) => twoLeaders(spans)),
      ...persistentGaps(gaps, ways, busy),
    ],
    spans: found.spans,
    gaps,
    onTheirWay: ways,
  };
}

/** What concerns a handle set: its own events, and every follower, as all sets have the same. */
function changesOf({ changes, sets }: Leadership, set: number): readonly Change[] {
  if (sets.size === 0 && set === 0) return changes;
  return changes.filter(({ event }) => event === 0 || (sets.get(event) ?? 0) === set);
}

function idleChange(at: number, from: Role, to: Role): Change {
  return {
    at,
    event: 0,
    waiting: 0,
    idle: Number(to === "follower") - Number(from === "follower"),
  };
}

/** A follower that goes on with a turn is not idle meanwhile. */
function notIdle(follows: readonly ThreadSpan[], turnsIn: TurnsIn): Change[] {
  return follows.flatMap((span) =>
    runningParts(span, turnsIn).flatMap(({ start, end }) => [
      { at: start, event: 0, waiting: 0, idle: -1 },
      { at: end, event: 0, waiting: 0, idle: 1 },
    ]),
  );
}

function readThread(trace: Trace, thread: number, found: Leadership): void {
  const events = trace.threads[thread];
  if (events === undefined) return;
  const isPool = isPoolThread(trace, thread);
  let role = "outside" as Role;
  let led = 0;
  let leadsSince: number | undefined;
  let roleSince = 0;
  let lastWoken: Promotion | undefined;
  let promotedAt = -1;
  let selectedAt = -1;
  let tookOwn = false;
  const roleTimes: number[] = [];
  found.roleTimes.set(thread, roleTimes);
  const endRole = (at: number): void => {
    if (isPool && role === "follower") found.follows.push({ thread, start: roleSince, end: at });
    roleSince = at;
  };
  forEachEvent(events, (event) => {
    if (event.kind !== "promoted") lastWoken = undefined;
    switch (event.kind) {
      case "roleChanged": {
        const next = roles[event.small] ?? "outside";
        if (!legalTransitions[role].includes(next) && !(tookOwn && next === "processing")) {
          found.breaches.push(illegal(thread, event.time, role, next));
        }
        if (role === "leader")
          closeSpan(found, thread, led, leadsSince, promotedAt, selectedAt, event.time);
        if (next === "leader") {
          led = event.b;
          leadsSince = event.time;
          promotedAt = -1;
        }
        if (isPool) found.changes.push(idleChange(event.time, role, next));
        endRole(event.time);
        roleTimes.push(event.time);
        role = next;
        tookOwn = false;
        break;
      }
      case "promoted":
        promotedAt = event.time;
        lastWoken = promotionOf(event, lastWoken);
        found.promotions.push(lastWoken);
        if (isPool && event.turn === 0 && role !== "leader") {
          found.breaches.push(notLeading(thread, event.time, role));
        }
        break;
      case "eventSelected":
        // Without leading: the event is bound to this thread, and there is nothing to promote.
        tookOwn = role !== "leader" && event.d === 0;
        if (!tookOwn) selectedAt = event.time;
        found.changes.push({ at: event.time, event: event.a, waiting: -1, idle: 0 });
        break;
      case "handlerStarted":
        if (isPool && promotedAt < selectedAt) found.breaches.push(latePromotion(thread, event));
        break;
      case "eventSubmitted":
        if (event.d !== 0) found.sets.set(event.a, event.d);
        found.changes.push({ at: event.time, event: event.a, waiting: 1, idle: 0 });
        break;
      case "threadStarted":
        // A replaced thread begins anew in its seat, whatever the dead one was.
        if (role === "leader") {
          closeSpan(found, thread, led, leadsSince, promotedAt, selectedAt, event.time);
        }
        if (isPool) found.changes.push(idleChange(event.time, role, "outside"));
        endRole(event.time);
        role = "outside";
        break;
      default:
        break;
    }
  });
  endRole(trace.endNanos);
  if (role === "leader") closeSpan(found, thread, led, leadsSince, -1, selectedAt, trace.endNanos);
}

/** Leadership ends when it is given up, which the record of the promotion marks, not at the role's change after it. */
function closeSpan(
  found: Leadership,
  thread: number,
  set: number,
  since: number | undefined,
  promotedAt: number,
  lastSelected: number,
  end: number,
): void {
  if (since === undefined) return;
  const until = promotedAt >= since ? promotedAt : end;
  found.spans.push({ thread, set, start: since, end: until, lastSelected });
}

function illegal(thread: number, at: number, from: Role, to: Role): Breach {
  const sentence = `Thread ${thread} went from ${from} to ${to}, which the pattern does not allow.`;
  return { invariant: "transition", at, thread, sentence };
}

function notLeading(thread: number, at: number, role: Role): Breach {
  const sentence = `Thread ${thread} promoted a new leader as ${role}: only the leader may.`;
  return { invariant: "I5", at, thread, sentence };
}

function latePromotion(thread: number, event: SeenEvent): Breach {
  const sentence = `Thread ${thread} began event ${event.a} before it promoted a new leader.`;
  return { invariant: "I2", at: event.time, thread, sentence };
}

/**
 * A leader records its promotion after it gave leadership up, and may lose the processor in between: spans that overlap are no
 * proof. A leader that selected an event after the next one led is: selecting is recorded before leadership is given up.
 */
function twoLeaders(spans: readonly LeaderSpan[]): Breach[] {
  const breaches: Breach[] = [];
  for (let index = 1; index < spans.length; index++) {
    const before = spans[index - 1];
    const span = spans[index];
    if (before === undefined || span === undefined || before.thread === span.thread) continue;
    if (before.lastSelected <= span.start) continue;
    const sentence = `Threads ${before.thread} and ${span.thread} led at the same time.`;
    breaches.push({ invariant: "I1", at: span.start, thread: span.thread, sentence });
  }
  return breaches;
}
