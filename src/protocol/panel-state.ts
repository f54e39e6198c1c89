// What the panel shows, as plain rows: made by presentation from a report, sent by the server, drawn by the page. Texts are
// ready to show; numbers are there for bars and for sorting (nanoseconds, shares from 0 to 1).

import type { SlicePlace, TimelineHead } from "./timeline.ts";

/** A place in the person's code, as a link. */
export interface SiteLink {
  /** As the trace has it: relative to the root where it lies under it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** "accounts.ts:42" */
  readonly text: string;
  readonly function: string;
}

export interface Interval {
  readonly start: number;
  readonly end: number;
}

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly tone: "plain" | "bad";
  /** "1,240 events/s" reads with its label behind, "p50 2.1 ms" with it in front. */
  readonly labelStands: "before" | "behind";
}

/** A part of a whole: a share for a bar, a text beside it. */
export interface Part {
  readonly label: string;
  readonly share: number;
  readonly text: string;
  /** What colour it has: a part of a thread's time, or a wait in the queue. */
  readonly tone: ThreadPart | "queued";
}

/** What was waited at a site, or for a hold that began there. */
export interface SiteCost {
  /** Undefined where the trace does not know it. */
  readonly site: SiteLink | undefined;
  readonly waits: number;
  readonly total: string;
  readonly worst: string;
  /** Of the lock's total wait. */
  readonly share: number;
}

export interface HotspotRow {
  readonly lock: string;
  /** What it cost, in one sentence. */
  readonly sentence: string;
  readonly waits: number;
  readonly totalWait: string;
  readonly worstWait: string;
  readonly share: number;
  readonly shareText: string;
  readonly heldAt: readonly SiteCost[];
  readonly waitsAt: readonly SiteCost[];
  /** The locks that its holders wait for themselves. */
  readonly chain: readonly string[];
  readonly mostWaiting: number;
  readonly worst: Interval;
}

export interface HistogramBar {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

export interface LatencyRow {
  readonly handler: string;
  readonly events: number;
  readonly p50: string;
  readonly p90: string;
  readonly p99: string;
  readonly p999: string;
  readonly max: string;
  /** Medians of the parts: queue wait, hand-off, service, lock wait; shares of their sum. */
  readonly parts: readonly Part[];
  readonly outcomes: string;
  readonly histogram: readonly HistogramBar[];
  /** Where the percentiles stand in the histogram, in bars from its left. */
  readonly marks: readonly { readonly label: string; readonly bar: number }[];
}

/** The queue by priority, the highest first; texts by column. Empty where all events have one priority. */
export interface QueueTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const threadParts = [
  "leading",
  "following",
  "handler",
  "lockWait",
  "blockingCall",
  "garbageCollection",
  "runQueue",
  "awaiting",
  "runtime",
  "outside",
  "unexplained",
] as const;

export type ThreadPart = (typeof threadParts)[number];

export interface ThreadRow {
  readonly name: string;
  readonly events: number;
  /** Waiting and blocked, of its wall time. */
  readonly blocked: string;
  readonly busy: string;
  readonly parts: readonly Part[];
}

export interface FindingRow {
  readonly rule: string;
  /** How the cause does its harm, as words; "" where the rule knows only one way. */
  readonly mechanism: string;
  readonly identity: string;
  readonly score: number;
  readonly severity: "severe" | "notable" | "minor";
  /** What removing the cause would save, with the estimate's interval. */
  readonly gain: string;
  /** The interval of the gain, from 0 to 1. */
  readonly low: number;
  readonly high: number;
  readonly sentence: string;
  /** What to change; "" when nothing is known to help. */
  readonly advice: string;
  /** Its page of documentation, relative to the project. */
  readonly page: string;
  /** The label of what its first remedy does to the source or to the configuration; "" for none. */
  readonly fix: string;
  readonly site: SiteLink | undefined;
  readonly related: readonly { readonly sentence: string; readonly site: SiteLink }[];
  /** When it was seen, worst first; `text` says when and how long. */
  readonly evidence: readonly { readonly interval: Interval; readonly text: string }[];
  /** Names of the threads that it was seen on. */
  readonly threads: readonly string[];
}

export interface PanelState {
  /** Grows with each state of the same trace. */
  readonly revision: number;
  readonly status: "running" | "finished" | "cut" | "failed" | "unreadable";
  /** What is to be said of the status, in a sentence; "" when nothing is. */
  readonly statusText: string;
  readonly title: string;
  /** "4 threads", "lifo, on-demand", "12.0 s", "node 24.21.0" */
  readonly facts: readonly string[];
  /** What the facts leave out for want of room: which node it was, when it ran. */
  readonly factsTitle: string;
  readonly figures: readonly Figure[];
  readonly hotspots: readonly HotspotRow[];
  readonly latency: readonly LatencyRow[];
  readonly queue: QueueTable;
  readonly threads: readonly ThreadRow[];
  readonly findings: readonly FindingRow[];
  /** How many more there are that the person wants to see no more. */
  readonly ignored: number;
  /** Names of the sources that are not any more what ran. */
  readonly changed: readonly string[];
  readonly failures: readonly { readonly sentence: string; readonly count: number }[];
  readonly problems: readonly string[];
  /** Against the run of this module before it; undefined when there is none. */
  readonly comparison: string | undefined;
  readonly timeline: TimelineHead;
}

/** What is known of something that the person selected. */
export interface Details {
  readonly place: SlicePlace;
  /** One sentence first. */
  readonly sentence: string;
  readonly interval: Interval;
  readonly rows: readonly {
    readonly label: string;
    readonly value: string;
    readonly site?: SiteLink;
  }[];
  /** Where the time of its event went; empty outside an event. */
  readonly parts: readonly Part[];
  /** What led to it, in the order in which it happened. */
  readonly why: readonly {
    readonly text: string;
    readonly tone: "wait" | "hold" | "free";
    readonly site?: SiteLink;
  }[];
  /** The culprit's hold: outlined, and tied to the wait. */
  readonly culprit: { readonly lane: number; readonly interval: Interval } | undefined;
}

export interface EventRow {
  readonly event: number;
  readonly handler: string;
  readonly thread: string;
  readonly submitted: string;
  readonly queueWait: string;
  readonly service: string;
  readonly lockWait: string;
  readonly total: string;
  readonly outcome: string;
  readonly interval: Interval;
  readonly lane: number;
}

export interface EventPage {
  readonly from: number;
  readonly total: number;
  readonly rows: readonly EventRow[];
}

export type EventOrder = "time" | "slowest";
