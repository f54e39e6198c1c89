// Rows of the panel's tables: locks, handlers, threads, each figure with its unit, each site a link.

import type {
  Distribution,
  HandlerLatency,
  Hotspot,
  SiteWaits,
  ThreadTime,
} from "../analysis/report.ts";
import {
  threadParts,
  type HotspotRow,
  type LatencyRow,
  type Part,
  type SiteCost,
  type ThreadPart,
  type ThreadRow,
} from "../protocol/panel-state.ts";
import { count, duration, percent } from "./format.ts";
import { placeIn, type Histogram } from "./histogram.ts";
import { siteLink } from "./site-link.ts";

export function hotspotRow(hotspot: Hotspot): HotspotRow {
  const { lock, totalWait } = hotspot;
  return {
    lock,
    sentence:
      `Threads waited ${duration(totalWait)} for lock "${lock}", ` +
      `${percent(hotspot.share)} of all thread time, up to ${hotspot.mostWaiting} at once.`,
    waits: hotspot.waits,
    totalWait: duration(totalWait),
    worstWait: duration(hotspot.worstWait),
    share: hotspot.share,
    shareText: percent(hotspot.share),
    heldAt: hotspot.culprits.map((each) => siteCost(each, totalWait)),
    waitsAt: hotspot.victims.map((each) => siteCost(each, totalWait)),
    chain: hotspot.chain,
    mostWaiting: hotspot.mostWaiting,
    worst: { start: hotspot.worstInterval.start, end: hotspot.worstInterval.end },
  };
}

function siteCost({ site, waits, total, worst }: SiteWaits, totalWait: number): SiteCost {
  return {
    site: site === undefined ? undefined : siteLink(site),
    waits,
    total: duration(total),
    worst: duration(worst),
    share: totalWait === 0 ? 0 : total / totalWait,
  };
}

export function latencyRow(
  row: HandlerLatency,
  histograms: ReadonlyMap<string, Histogram>,
): LatencyRow {
  const { total } = row;
  const histogram = histograms.get(row.handler);
  return {
    handler: row.handler,
    events: total.count,
    p50: duration(total.p50),
    p90: duration(total.p90),
    p99: duration(total.p99),
    p999: duration(total.p999),
    max: duration(total.max),
    parts: mediansOf(row),
    outcomes: Object.entries(row.outcomes)
      .filter(([, number]) => number > 0)
      .map(([outcome, number]) => `${count(number)} ${outcome}`)
      .join(", "),
    histogram: histogram?.bars ?? [],
    marks: histogram === undefined || total.count === 0 ? [] : marksOf(total, histogram),
  };
}

function marksOf(total: Distribution, histogram: Histogram): LatencyRow["marks"] {
  return (
    [
      ["p50", total.p50],
      ["p90", total.p90],
      ["p99", total.p99],
    ] as const
  ).map(([label, nanos]) => ({ label, bar: placeIn(histogram, nanos) }));
}

/** A median of a part says what most events meet; medians do not add up to the median of the whole. */
function mediansOf({ queueWait, service, lockWait }: HandlerLatency): Part[] {
  const running = Math.max(0, service.p50 - lockWait.p50);
  const parts = [
    { label: "queued", tone: "queued", nanos: queueWait.p50 },
    { label: "waiting for locks", tone: "lockWait", nanos: lockWait.p50 },
    { label: "running", tone: "handler", nanos: running },
  ] as const;
  const sum = parts.reduce((all, { nanos }) => all + nanos, 0);
  return parts.map(({ label, tone, nanos }) => ({
    label,
    tone,
    share: sum === 0 ? 0 : nanos / sum,
    text: duration(nanos),
  }));
}

const partLabels: Readonly<Record<ThreadPart, string>> = {
  leading: "leading",
  following: "following",
  handler: "in handlers",
  lockWait: "waiting for locks",
  blockingCall: "in blocking calls",
  garbageCollection: "garbage collection",
  runQueue: "ready, without a processor",
  awaiting: "awaiting",
  runtime: "in the pool itself",
  outside: "in setup or teardown",
  unexplained: "unexplained",
};

const blockedParts: readonly ThreadPart[] = ["lockWait", "blockingCall", "runQueue"];
const busyParts: readonly ThreadPart[] = ["handler", "garbageCollection", "runtime"];

export function threadRow(thread: ThreadTime): ThreadRow {
  const nanos: Partial<Record<ThreadPart, number>> = thread;
  const shareOf = (part: ThreadPart): number =>
    thread.wall === 0 ? 0 : (nanos[part] ?? 0) / thread.wall;
  const sumOf = (parts: readonly ThreadPart[]): string =>
    percent(parts.reduce((sum, part) => sum + shareOf(part), 0));
  return {
    name: thread.name,
    events: thread.events,
    blocked: sumOf(blockedParts),
    busy: sumOf(busyParts),
    parts: threadParts.map((part) => ({
      label: partLabels[part],
      tone: part,
      share: shareOf(part),
      text: percent(shareOf(part)),
    })),
  };
}
