// The report on one terminal screen: what ran, the worst finding as a sentence, then latency, threads, locks, problems.

import type { Finding, Hotspot, Report, Site, ThreadTime } from "../analysis/report.ts";
import { counted } from "../base/figures.ts";
import { visible, visibleTexts } from "../base/visible.ts";
import { palette, type Palette } from "./colour.ts";
import { count, duration, percent, table, times } from "./format.ts";
import { queueHead, queueRows } from "./queue-table.ts";

export interface TextReportOptions {
  readonly colour: boolean;
  readonly tracePath: string;
}

const shownRows = 5;

export function textReport(given: Report, options: TextReportOptions): string {
  // A name with a line end in it would make rows of its own.
  const report = visibleTexts(given);
  const paint = palette(options.colour);
  const sections = [
    headline(report, paint),
    findings(report, paint),
    latency(report, paint),
    queues(report, paint),
    threads(report, paint),
    hotspots(report, paint),
    leadership(report, paint),
    waiting(report, paint),
    problems(report, paint),
    [paint.quiet(`trace  ${visible(options.tracePath)}`)],
  ];
  const shown = sections.filter((section) => section.length > 0);
  return `${shown.map((section) => section.join("\n")).join("\n\n")}\n`;
}

function headline(report: Report, paint: Palette): string[] {
  const { run, events } = report;
  const { completed, failed, shed, "dead-lettered": dead } = events.outcomes;
  return [
    `${paint.strong(run.module)}   ${threadsAndModel(run)}   ` +
      `${duration(run.wall)}   node ${run.nodeVersion}`,
    `${count(events.throughput)} events/s   ${count(completed)} completed   ${count(failed)} failed   ` +
      `${count(shed)} shed   ${dead === 0 ? "" : `${count(dead)} dead-lettered   `}${count(report.recording.dropped)} records dropped`,
  ];
}

function threadsAndModel({ threads, model, promotion }: Report["run"]): string {
  const how = model === "leader-followers" ? promotion : model;
  return `${threads} ${threads === 1 ? "thread" : "threads"}, ${how}`;
}

const shownFindings = 3;

function findings(report: Report, paint: Palette): string[] {
  const [worst, ...others] = report.findings;
  if (worst === undefined) {
    return report.run.ended === "cut"
      ? []
      : ["No finding: nothing cost 2 % of throughput or p99, or more than recording did."];
  }
  const shown = others.slice(0, shownFindings - 1);
  const more = others.length - shown.length;
  return [
    paint.alarm(`! ${worst.sentence}`),
    `  ${worst.advice}`,
    paint.quiet(`  ${scoreText(worst)}; ${worst.page}`),
    ...shown.map((finding) => paint.alarm(`! ${finding.sentence}`)),
    ...(more === 0 ? [] : [paint.quiet(`  and ${more} more: see --json`)]),
  ];
}

function scoreText({ rule, mechanism, score, scoreInterval, metric }: Finding): string {
  const { low, high } = scoreInterval;
  const what = mechanism === "" ? rule : `${rule}, ${mechanism}`;
  return `${what}, score ${score.toFixed(1)} of ${metric} (${low.toFixed(1)} to ${high.toFixed(1)})`;
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

const parts = [
  { head: "handler", of: (thread: ThreadTime) => thread.handler },
  { head: "lock wait", of: (thread: ThreadTime) => thread.lockWait },
  { head: "blocked", of: (thread: ThreadTime) => thread.blockingCall },
  { head: "no processor", of: (thread: ThreadTime) => thread.runQueue },
  { head: "awaiting", of: (thread: ThreadTime) => thread.awaiting },
  { head: "gc", of: (thread: ThreadTime) => thread.garbageCollection },
  { head: "pool", of: (thread: ThreadTime) => thread.runtime },
  { head: "leading", of: (thread: ThreadTime) => thread.leading },
  { head: "idle", of: (thread: ThreadTime) => thread.following },
  { head: "outside", of: (thread: ThreadTime) => thread.outside },
  { head: "unexplained", of: (thread: ThreadTime) => thread.unexplained },
] as const;

const endings: Readonly<Record<Report["run"]["ended"], string>> = {
  completed: "The run is complete",
  stopped: "The run was stopped",
  failed: "The run failed",
  "size-limit": "The run was stopped",
  cut: "The run was cut",
};

function share(part: number, { wall }: ThreadTime): number {
  return wall === 0 ? 0 : part / wall;
}

/** Parts that no thread spent half a percent in are left out: a screen is narrow. */
function threads(report: Report, paint: Palette): string[] {
  const shown = parts.filter(({ of }) =>
    report.threads.some((thread) => share(of(thread), thread) >= 0.005),
  );
  const rows = report.threads.map((thread) => [
    thread.name,
    bar(thread),
    ...shown.map(({ of }) => percent(share(of(thread), thread))),
  ]);
  const head = ["thread", "handler # wait ~", ...shown.map(({ head }) => head)];
  return withHead(head, rows, paint, [1]);
}

function queues(report: Report, paint: Palette): string[] {
  const rows = queueRows(report);
  return rows.length === 0 ? [] : withHead(queueHead, rows, paint);
}

const barWidth = 16;

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

/** The file's name alone: a line of the table has little room, and `--json` has the whole path. */
function place(site: Site): string {
  const name = site.file.slice(site.file.lastIndexOf("/") + 1);
  return `${name}:${site.line}${site.function === "" ? "" : ` (${site.function})`}`;
}

function leadership(report: Report, paint: Palette): string[] {
  const { handOff, gaps, promotions } = report.leadership;
  const handOffs =
    handOff.count === 0
      ? "no follower had to be woken"
      : `hand-off p50 ${duration(handOff.p50)}, p99 ${duration(handOff.p99)}`;
  const { shareOfWall, events, nanosPerEvent } = report.recording;
  const recording = paint.quiet(
    `recording    ${count(events)} events at ${Math.round(nanosPerEvent)} ns each: ` +
      `${percent(shareOfWall)} of the threads' time`,
  );
  if (report.run.model !== "leader-followers") return [recording];
  return [
    `leadership   ${count(promotions)} followers promoted, ${handOffs}; ` +
      `${count(gaps.count)} leaderless gaps, ${duration(gaps.total)} in all`,
    recording,
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
      ({ handler, message, count: failed }) => `  ${handler} failed ${times(failed)}: ${message}`,
    );
  if (report.run.ended !== "completed")
    lines.push(`  ${endings[report.run.ended]}: ${report.run.message}`);
  for (const { sentence, invariant } of report.breaches.slice(0, 3)) {
    lines.push(`  ${sentence} (${invariant})`);
  }
  lines.push(...report.problems.slice(0, 3).map((problem) => `  ${problem}`));
  const more = report.problems.length - 3;
  if (more > 0) lines.push(paint.quiet(`  and ${counted(more, "more problem")}: see --json`));
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
