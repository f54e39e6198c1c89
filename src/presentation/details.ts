// What the panel says of a slice that the person selected: a sentence, figures, links, and for a wait what led to it.

import { holdKey } from "../analysis/contention.ts";
import { siteOf } from "../analysis/sites.ts";
import type { TurnWait } from "../analysis/turn-waits.ts";
import type { LockHold, LockUse, LockWait } from "../analysis/waits.ts";
import type { Details, SiteLink } from "../protocol/panel-state.ts";
import type { TimelineHead } from "../protocol/timeline.ts";
import type { Trace } from "../trace/trace.ts";
import { eventParts, eventRows } from "./event-details.ts";
import type { EventTable } from "./event-table.ts";
import { duration, moment } from "./format.ts";
import { siteLink } from "./site-link.ts";
import type { Slice } from "./timeline/slice-at.ts";

export interface DetailsSource {
  readonly trace: Trace;
  readonly use: LockUse;
  readonly waits: readonly TurnWait[];
  readonly table: EventTable;
  readonly head: TimelineHead;
}

const mostShown = 6;

export function detailsOf(source: DetailsSource, slice: Slice): Details {
  // For a lock; a condition or a barrier is held by nobody, and only its place is known.
  const wait = waitOf(source.use.waits, source, slice);
  const hold = slice.state === "lockHeld" ? holdOf(source, slice) : undefined;
  const chain = wait === undefined ? [] : segmentsOf(source, wait);
  const culprit = chain.at(-1)?.hold;
  const { lane, row, start } = slice;
  return {
    place: { lane, row, time: start },
    sentence: sentenceOf(source, slice, chain),
    interval: { start: slice.start, end: slice.end },
    rows: [
      ...siteRow("at", link(source, (waitOf(source.waits, source, slice) ?? hold)?.site)),
      { label: "from", value: moment(slice.start) },
      { label: "took", value: duration(slice.end - slice.start) },
      ...eventRows(source, slice.event),
    ],
    parts: eventParts(source.table, slice.event),
    why: wait === undefined ? [] : whyOf(source, slice, chain),
    culprit: culprit === undefined ? undefined : placeOf(source, culprit),
  };
}

interface Segment {
  readonly owner: string;
  readonly nanos: number;
  readonly hold: LockHold | undefined;
}

function sentenceOf(source: DetailsSource, slice: Slice, chain: readonly Segment[]): string {
  const { head } = source;
  const thread = capital(head.lanes[slice.lane]?.name ?? "a thread");
  const took = duration(slice.end - slice.start);
  const lock = `${kindOfLock(source.trace, slice.name)} ${head.locks[slice.name] ?? slice.name}`;
  switch (slice.state) {
    case "leading":
      return `${thread} led for ${took}`;
    case "handler":
      return `${thread} ran ${head.handlers[slice.name] ?? "a handler"} for ${took}`;
    case "lockWait": {
      const owners = [...new Set(chain.map(({ owner }) => owner))].join(", then ");
      return `${thread} waited ${took} for ${lock}${owners === "" ? "" : `, held by ${owners}`}`;
    }
    case "lockHeld":
      return `${thread} held ${lock} for ${took}`;
    case "blockingCall":
      return `${thread} was blocked in ${head.strings[slice.name] ?? "a call"} for ${took}`;
    case "garbageCollection":
      return `${thread} collected garbage for ${took}`;
    case "span":
      return `${thread} was in "${head.strings[slice.name] ?? "a span"}" for ${took}`;
  }
}

function kindOfLock({ tables }: Trace, index: number): "lock" | "condition" | "barrier" {
  const kind = tables.locks.find((lock) => lock.index === index)?.kind;
  return kind === "condition" || kind === "barrier" ? kind : "lock";
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function siteRow(label: string, site: SiteLink | undefined): Details["rows"] {
  return site === undefined ? [] : [{ label, value: site.text, site }];
}

/** The one of `waits` that a slice is, or is a part of; undefined for what is no wait. */
function waitOf<W extends Pick<TurnWait, "thread" | "start" | "end">>(
  waits: readonly W[],
  { head }: DetailsSource,
  slice: Slice,
): W | undefined {
  if (slice.state !== "lockWait") return undefined;
  const thread = head.lanes[slice.lane]?.thread;
  return waits.find(
    (wait) => wait.thread === thread && wait.start <= slice.start && wait.end >= slice.end,
  );
}

function holdOf({ use, head }: DetailsSource, slice: Slice): LockHold | undefined {
  const thread = head.lanes[slice.lane]?.thread;
  return use.holds.find(
    (hold) => hold.thread === thread && hold.lock === slice.name && hold.start === slice.start,
  );
}

function segmentsOf({ use, head }: DetailsSource, wait: LockWait): Segment[] {
  const own = use.holds.filter(({ lock }) => lock === wait.lock).toReversed();
  // Turned round, so that of two with the same number the first one stays.
  const holds = new Map(own.map((hold) => [holdKey(hold.lock, hold.acquisition), hold]));
  return wait.segments.map((segment) => ({
    owner: threadName(head, segment.owner),
    nanos: segment.end - segment.start,
    hold: holds.get(holdKey(wait.lock, segment.acquisition)),
  }));
}

function threadName(head: TimelineHead, thread: number): string {
  const lane = head.lanes.find((each) => each.thread === thread);
  return lane?.name ?? (thread < 0 ? "an unknown thread" : `thread ${thread}`);
}

function whyOf(source: DetailsSource, slice: Slice, chain: readonly Segment[]): Details["why"] {
  const waiter = source.head.lanes[slice.lane]?.name ?? "the thread";
  const lock = source.head.locks[slice.name] ?? "";
  const holds = longest(chain).map(({ owner, nanos, hold }, index): Details["why"][number] => {
    const site = link(source, hold?.site);
    const text = `${index === 0 ? "" : "then "}${owner} holds it ${duration(nanos)}`;
    return { text, tone: "hold", ...(site === undefined ? {} : { site }) };
  });
  const left = chain.length - holds.length;
  if (left > 0) {
    holds.push({ text: `and ${left} shorter holds in between`, tone: "hold" });
  }
  const last = chain.at(-1);
  return [
    { text: `${waiter} wants ${lock}`, tone: "wait" },
    ...holds,
    ...(last === undefined
      ? []
      : [{ text: `${last.owner} releases it, ${waiter} goes on`, tone: "free" as const }]),
  ];
}

/** A convoy may have hundreds: the longest, in the order of time. */
function longest(chain: readonly Segment[]): readonly Segment[] {
  if (chain.length <= mostShown) return chain;
  const least = chain.map(({ nanos }) => nanos).toSorted((first, second) => second - first)[
    mostShown - 1
  ];
  return chain.filter(({ nanos }) => nanos >= (least ?? 0)).slice(0, mostShown);
}

function link({ trace }: DetailsSource, site: number | undefined): SiteLink | undefined {
  const found = site === undefined ? undefined : siteOf(trace, site);
  return found === undefined ? undefined : siteLink(found);
}

function placeOf({ head }: DetailsSource, hold: LockHold): Details["culprit"] {
  const lane = head.lanes.findIndex((each) => each.thread === hold.thread);
  return lane < 0 ? undefined : { lane, interval: { start: hold.start, end: hold.end } };
}
