// The report on one terminal screen: what ran, the worst finding as a sentence, then latency, threads, locks, problems.

import type { Hotspot, Report, Site, ThreadTime } from "../analysis/report.ts";
import { palette, type Palette } from "./colour.ts";
import { count, duration, percent, table } from "./format.ts";

export interface TextReportOptions {
  readonly colour: boolean;
  readonly tracePath: string;
}

const shownRows = 5;

export function textReport(report: Report, options: TextReportOptions): string {
  const paint = palette(options.colour);
  const sections = [
    headline(report, paint),
    findings(report, paint),
    latency(report, paint),
    threads(report, paint),
    hotspots(report, paint),
    leadership(report, paint),
    waiting(report, paint),
    problems(report, paint),
    [paint.quiet(`trace  ${options.tracePath}`)],
  ];
  const shown = sections.filter((section) => section.length > 0);
  return `${shown.map((section) => section.join("\n")).join("\n\n")}\n`;
}

function headline(report: Report, paint: Palette): string[] {
  const { run, events } = report;
  const { completed, failed, shed } = events.outcomes;
  return [
    `${paint.strong(run.module)}   ${run.threads} threads, ${run.promotion}   ` +
      `${duration(run.wall)}   node ${run.nodeVersion}`,
    `${count(events.throughput)} events/s   ${count(completed)} completed   ${count(failed)} failed   ` +
      `${count(shed)} shed   ${count(report.recording.dropped)} records dropped`,
  ];
}

function findings(report: Report, paint: Palette): string[] {
  const [worst] = report.findings;
  if (worst === undefined) {
    return report.run.ended === "cut"
      ? []
      : ["No finding: no lock cost the threads 2 % of their time."];
  }
  const more = report.findings.length - 1;
  return [
    paint.alarm(`! ${worst.sentence}`),
    ...(more === 0 ? [] : [paint.quiet(`  and ${more} more: see --json`)]),
  ];
}

function latency(report: Report, paint: Palette): string[] {
  if (report.latency.length === 0) return ["No event reached a handler."];
  const rows = report.latency
    .slice(0, shownRows)
    .map(({ handler, total, queueWait, service, lockWait }) => [
      handler,
      count(total.count),
      duration(total.p50),
      duration(total.p90),
      duration(total.p99),
      duration(total.p999),
      duration(total.max),
      duration(queueWait.p99),
      duration(service.p99),
      duration(lockWait.p99),
    ]);
  const head = [
    "event",
    "count",
    "p50",
    "p90",
    "p99",
    "p99.9",
    "max",
    "queue p99",
    "service p99",
    "lock wait p99",
  ];
  return withHead(head, rows, paint);
}

function threads(report: Report, paint: Palette): string[] {
  const rows = report.threads.map((thread) => [
    thread.name,
    bar(thread),
    ...[thread.handler, thread.lockWait, thread.blockingCall + thread.runQueue, thread.awaiting]
      .concat(thread.garbageCollection, thread.leading, thread.following, thread.unexplained)
      .map((part) => percent(thread.wall === 0 ? 0 : part / thread.wall)),
  ]);
  const head = ["thread", "busy # lock wait ~", "handler", "lock wait", "blocked", "awaiting"];
  return withHead([...head, "gc", "leading", "following", "unexplained"], rows, paint, [1]);
}

const barWidth = 24;

function bar(thread: ThreadTime): string {
  const cells = (part: number): number =>
    thread.wall === 0 ? 0 : Math.round((part / thread.wall) * barWidth);
  const busy = cells(thread.handler);
  const waits = Math.min(barWidth - busy, cells(thread.lockWait));
  return "#".repeat(busy) + "~".repeat(waits) + ".".repeat(barWidth - busy - waits);
}

function hotspots(report: Report, paint: Palette): string[] {
  if (report.hotspots.length === 0) return ["No thread waited for a lock."];
  const rows = report.hotspots
    .slice(0, shownRows)
    .map((hotspot) => [
      hotspot.lock,
      count(hotspot.waits),
      duration(hotspot.totalWait),
      duration(hotspot.worstWait),
      percent(hotspot.share),
      sites(hotspot.culprits, "its holds were not recorded"),
      sites(hotspot.victims, "no site is known"),
    ]);
  const head = ["lock", "waits", "total wait", "worst", "share", "held at", "waits at"];
  const more = report.hotspots.length - rows.length;
  const lines = withHead(head, rows, paint, [5, 6]);
  return more > 0 ? [...lines, paint.quiet(`and ${more} more locks`)] : lines;
}

function sites(rows: Hotspot["culprits"], unknown: string): string {
  const [first] = rows;
  if (first?.site === undefined) return unknown;
  return place(first.site) + (rows.length > 1 ? ` +${rows.length - 1}` : "");
}

function place(site: Site): string {
  return `${site.file}:${site.line}${site.function === "" ? "" : ` (${site.function})`}`;
}

function leadership(report: Report, paint: Palette): string[] {
  const { handOff, gaps, promotions } = report.leadership;
  const handOffs =
    handOff.count === 0
      ? "no follower had to be woken"
      : `hand-off p50 ${duration(handOff.p50)}, p99 ${duration(handOff.p99)}`;
  const { shareOfWall, events, nanosPerEvent } = report.recording;
  return [
    `leadership   ${count(promotions)} followers promoted, ${handOffs}; ` +
      `${count(gaps.count)} leaderless gaps, ${duration(gaps.total)} in all`,
    paint.quiet(
      `recording    ${count(events)} events at ${Math.round(nanosPerEvent)} ns each: ` +
        `${percent(shareOfWall)} of the threads' time`,
    ),
  ];
}

function waiting(report: Report, paint: Palette): string[] {
  if (report.waiting.length === 0) return [];
  const lines = report.waiting.map(({ thread, lock, site, owner, ownerSite }) => {
    const where = site === undefined ? "" : ` at ${place(site)}`;
    const holder = owner === undefined ? "" : `, held by thread ${owner}`;
    const since = ownerSite === undefined ? "" : ` since ${place(ownerSite)}`;
    return `  thread ${thread} waits for "${lock}"${where}${holder}${since}`;
  });
  return [paint.strong("At the end of the trace"), ...lines];
}

function problems(report: Report, paint: Palette): string[] {
  const lines = report.failures
    .slice(0, 3)
    .map(
      ({ handler, message, count: times }) =>
        `  ${handler} failed ${count(times)} times: ${message}`,
    );
  if (report.run.ended !== "completed")
    lines.push(`  The run is ${report.run.ended}: ${report.run.message}`);
  for (const { sentence, invariant } of report.breaches.slice(0, 3)) {
    lines.push(`  ${sentence} (${invariant})`);
  }
  lines.push(...report.problems.slice(0, 3).map((problem) => `  ${problem}`));
  return lines.length === 0 ? [] : [paint.strong("Problems"), ...lines];
}

/** The first column is text, the others are figures unless named in `text`. */
function withHead(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Palette,
  text: readonly number[] = [],
): string[] {
  const right = head.map((_, column) => column > 0 && !text.includes(column));
  const [first = "", ...rest] = table([head, ...rows], right);
  return [paint.quiet(first), ...rest];
}
