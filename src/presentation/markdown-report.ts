// The report for a pull request or a wiki, with the figures of every other face.

import type { Finding, Report, Site, ThreadTime } from "../analysis/report.ts";
import { documentationOf } from "./documentation.ts";
import { count, duration, percent } from "./format.ts";
import { markdownCell, markdownCode, markdownText } from "./markdown-text.ts";
import { queueHead, queueRows } from "./queue-table.ts";
import type { JudgedReport, SuppressedFinding } from "./judged-report.ts";

export function markdownReport({ report, suppressed }: JudgedReport): string {
  const sections = [
    headline(report),
    findings(report),
    ignored(suppressed),
    latency(report),
    section("Queue", queueHead, queueRows(report)),
    threads(report),
    locks(report),
    leadership(report),
    problems(report),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headline({ run, events, recording }: Report): string[] {
  const { completed, failed, shed } = events.outcomes;
  return [
    `## Poolscope: ${markdownCode(run.module)}`,
    "",
    `${run.threads} threads, ${markdownText(run.promotion)}, ${duration(run.wall)}, ` +
      `Node ${markdownText(run.nodeVersion)}. ` +
      `**${count(events.throughput)} events/s**, ${count(completed)} completed, ${count(failed)} failed, ` +
      `${count(shed)} shed. Recording took ${percent(recording.shareOfWall)} of the threads' time; ` +
      `${count(recording.dropped)} records were dropped.`,
  ];
}

function findings({ findings, run }: Report): string[] {
  if (findings.length === 0) {
    return run.ended === "cut" ? [] : ["### Findings", "", "None."];
  }
  return ["### Findings", "", ...findings.map(findingLine)];
}

function findingLine({ rule, score, metric, sentence, advice, site }: Finding): string {
  const where = site === undefined ? "" : ` (${markdownCode(place(site))})`;
  return (
    `- **[${rule}](${documentationOf(rule)})**, score ${score.toFixed(1)} of ${metric}${where}: ` +
    `${markdownText(sentence)} ${markdownText(advice)}`.trimEnd()
  );
}

function ignored(suppressed: readonly SuppressedFinding[]): string[] {
  if (suppressed.length === 0) return [];
  const lines = suppressed.map(({ finding, by, reason }) => {
    const how = by === "comment" ? "by a comment" : "by poolscope.json";
    return `- ${markdownCode(finding.identity)}, ${how}${reason === "" ? "" : `: ${markdownText(reason)}`}`;
  });
  return ["### Ignored", "", ...lines];
}

function latency(report: Report): string[] {
  const rows = report.latency.map(({ handler, total, queueWait, service, lockWait }) => [
    markdownCell(handler),
    count(total.count),
    ...[total.p50, total.p90, total.p99, total.p999, total.max].map(duration),
    ...[queueWait.p99, service.p99, lockWait.p99].map(duration),
  ]);
  const head = ["event", "count", "p50", "p90", "p99", "p99.9", "max"];
  return section("Latency", [...head, "queue p99", "service p99", "lock wait p99"], rows);
}

function threads(report: Report): string[] {
  const rows = report.threads.map((thread) => [
    markdownText(thread.name),
    share(thread.handler, thread),
    share(thread.lockWait, thread),
    share(thread.blockingCall, thread),
    share(thread.awaiting, thread),
    share(thread.garbageCollection, thread),
    share(thread.leading + thread.runtime, thread),
    share(thread.following, thread),
    share(thread.runQueue, thread),
    share(thread.outside, thread),
    share(thread.unexplained, thread),
  ]);
  const head = ["thread", "handler", "lock wait", "blocked", "awaiting", "gc", "pool", "idle"];
  return section("Threads", [...head, "no processor", "outside", "unexplained"], rows);
}

function share(part: number, { wall }: ThreadTime): string {
  return percent(wall === 0 ? 0 : part / wall);
}

function locks(report: Report): string[] {
  const rows = report.hotspots.map((hotspot) => [
    markdownCell(hotspot.lock),
    count(hotspot.waits),
    duration(hotspot.totalWait),
    duration(hotspot.worstWait),
    percent(hotspot.share),
    placeCell(hotspot.culprits[0]?.site),
    placeCell(hotspot.victims[0]?.site),
  ]);
  const head = ["lock", "waits", "total wait", "worst", "share", "held at", "waits at"];
  return section("Locks", head, rows);
}

function leadership({ leadership: { handOff, gaps, promotions }, recording }: Report): string[] {
  const handOffs =
    handOff.count === 0
      ? "no follower had to be woken"
      : `hand-off p50 ${duration(handOff.p50)}, p99 ${duration(handOff.p99)}`;
  return [
    `Leadership: ${count(promotions)} followers promoted, ${handOffs}; ${count(gaps.count)} leaderless gaps, ` +
      `${duration(gaps.total)} in all. Recording: ${count(recording.events)} events at ` +
      `${Math.round(recording.nanosPerEvent)} ns each.`,
  ];
}

function problems({ run, breaches, problems, failures }: Report): string[] {
  const lines = [
    ...(run.ended === "completed" ? [] : [`The run is ${run.ended}: ${run.message}`]),
    ...failures.map(
      ({ handler, message, count: times }) => `${handler} failed ${count(times)} times: ${message}`,
    ),
    ...breaches.map(({ sentence, invariant }) => `${sentence} (${invariant})`),
    ...problems,
  ];
  return lines.length === 0
    ? []
    : ["### Problems", "", ...lines.map((line) => `- ${markdownText(line)}`)];
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  const rule = line(head.map((_, column) => (column === 0 ? "---" : "--:")));
  return [`### ${title}`, "", line(head), rule, ...rows.map(line)];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function placeCell(site: Site | undefined): string {
  return site === undefined ? "" : markdownCell(place(site));
}

function place({ file, line }: Site): string {
  return `${file}:${line}`;
}
