// Who led when: spans of leadership, hand-off latency (promoted -> leads), gaps without a leader while events wait, and
// breaches of the pattern's invariants.

import { legalTransitions, roles, type Role } from "../trace/role.ts";
import type { Trace } from "../trace/trace.ts";
import { distributionOf } from "./distribution.ts";
import type { Breach, Report } from "./report.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";
import { isPoolThread } from "./sites.ts";

export interface LeaderSpan {
  readonly thread: number;
  readonly start: number;
  readonly end: number;
  /** Time of the last event that it selected as leader, -1 for none. */
  readonly lastSelected: number;
}

interface Promotion {
  readonly at: number;
  readonly to: number;
  readonly generation: number;
}

interface Leadership {
  readonly spans: LeaderSpan[];
  readonly promotions: Promotion[];
  readonly taken: Map<number, { readonly at: number; readonly thread: number }>;
  readonly breaches: Breach[];
  /** Events that wait: +1 when submitted, -1 when selected or settled unselected. */
  readonly queue: { readonly at: number; readonly by: number }[];
}

export function leadershipOf(trace: Trace): {
  readonly leadership: Report["leadership"];
  readonly breaches: readonly Breach[];
  readonly spans: readonly LeaderSpan[];
} {
  const found: Leadership = {
    spans: [],
    promotions: [],
    taken: new Map(),
    breaches: [],
    queue: [],
  };
  for (const thread of trace.threads) readThread(trace, thread.thread, found);
  found.spans.sort((first, second) => first.start - second.start);
  const handOffs: number[] = [];
  for (const { at, to, generation } of found.promotions) {
    const taken = found.taken.get(generation);
    if (to >= 0 && taken !== undefined) handOffs.push(Math.max(0, taken.at - at));
  }
  return {
    leadership: {
      handOff: distributionOf(handOffs),
      gaps: distributionOf(gapsOf(found, trace.endNanos)),
      promotions: found.promotions.filter(({ to }) => to >= 0).length,
    },
    breaches: [...found.breaches, ...twoLeaders(found.spans)],
    spans: found.spans,
  };
}

function readThread(trace: Trace, thread: number, found: Leadership): void {
  const events = trace.threads[thread];
  if (events === undefined) return;
  const isPool = isPoolThread(trace, thread);
  let role = "outside" as Role;
  let leadsSince: number | undefined;
  let promotedAt = -1;
  let selectedAt = -1;
  forEachEvent(events, (event) => {
    switch (event.kind) {
      case "roleChanged": {
        const next = roles[event.small] ?? "outside";
        if (!legalTransitions[role].includes(next)) {
          found.breaches.push(illegal(thread, event.time, role, next));
        }
        if (role === "leader")
          closeSpan(found, thread, leadsSince, promotedAt, selectedAt, event.time);
        if (next === "leader") {
          leadsSince = event.time;
          promotedAt = -1;
          found.taken.set(event.c, { at: event.time, thread });
        }
        role = next;
        break;
      }
      case "promoted":
        promotedAt = event.time;
        found.promotions.push({ at: event.time, to: event.a - 1, generation: event.c });
        break;
      case "eventSelected":
        selectedAt = event.time;
        found.queue.push({ at: event.time, by: -1 });
        break;
      case "handlerStarted":
        if (isPool && promotedAt < selectedAt) found.breaches.push(latePromotion(thread, event));
        break;
      case "eventSubmitted":
        found.queue.push({ at: event.time, by: 1 });
        break;
      case "threadStarted":
        // A replaced thread begins anew in its seat, whatever the dead one was.
        role = "outside";
        break;
      default:
        break;
    }
  });
  if (role === "leader") closeSpan(found, thread, leadsSince, -1, selectedAt, trace.endNanos);
}

/** Leadership ends when it is given up, which the record of the promotion marks, not at the role's change after it. */
function closeSpan(
  found: Leadership,
  thread: number,
  since: number | undefined,
  promotedAt: number,
  lastSelected: number,
  end: number,
): void {
  if (since === undefined) return;
  const until = promotedAt >= since ? promotedAt : end;
  found.spans.push({ thread, start: since, end: until, lastSelected });
}

function illegal(thread: number, at: number, from: Role, to: Role): Breach {
  const sentence = `Thread ${thread} went from ${from} to ${to}, which the pattern does not allow.`;
  return { invariant: "transition", at, thread, sentence };
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

/** Times during which nobody led although an event waited. */
function gapsOf(found: Leadership, end: number): number[] {
  const queue = found.queue.sort((first, second) => first.at - second.at);
  const gaps: number[] = [];
  let next = 0;
  let depth = 0;
  let covered = found.spans[0]?.start ?? end;
  for (const { start, end: spanEnd } of found.spans) {
    while (next < queue.length && (queue[next]?.at ?? 0) <= covered)
      depth += queue[next++]?.by ?? 0;
    if (start > covered) {
      const gap = waitingWithin(queue, next, depth, covered, start);
      if (gap > 0) gaps.push(gap);
    }
    covered = Math.max(covered, spanEnd);
  }
  return gaps;
}

function waitingWithin(
  queue: readonly { readonly at: number; readonly by: number }[],
  from: number,
  depthThen: number,
  start: number,
  end: number,
): number {
  let depth = depthThen;
  let last = start;
  let waiting = 0;
  for (let index = from; index < queue.length; index++) {
    const change = queue[index];
    if (change === undefined || change.at >= end) break;
    if (depth > 0) waiting += change.at - last;
    last = change.at;
    depth += change.by;
  }
  return depth > 0 ? waiting + end - last : waiting;
}
