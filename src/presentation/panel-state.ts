// A report as the panel shows it: every figure with its unit, every site a link, worst first.

import type { Report } from "../analysis/report.ts";
import type { Figure, PanelState } from "../protocol/panel-state.ts";
import type { TimelineHead } from "../protocol/timeline.ts";
import { findingRow } from "./finding-row.ts";
import { count, duration, percent } from "./format.ts";
import type { Histogram } from "./histogram.ts";
import { hotspotRow, latencyRow, threadRow } from "./panel-rows.ts";
import { queueHead, queueRows } from "./queue-table.ts";

export interface PanelInput {
  readonly report: Report;
  readonly timeline: TimelineHead;
  /** Bars of each handler's total latency. */
  readonly histograms: ReadonlyMap<string, Histogram>;
  readonly running: boolean;
  readonly comparison: string | undefined;
  /** Identities of findings that the person wants to see no more. */
  readonly ignored: ReadonlySet<string>;
  /** Names of the sources that are not any more what ran. */
  readonly changed: readonly string[];
}

/** Of each table the first rows, as they are in the order of what they cost; the report has them all. */
const mostRows = 500;

/** Handlers whose latency the panel shows: those that need a histogram. */
export function shownHandlers({ latency }: Report): ReadonlySet<string> {
  return new Set(latency.slice(0, mostRows).map(({ handler }) => handler));
}

export function panelState(input: PanelInput): PanelState {
  const { report, timeline } = input;
  const shown = report.findings.filter(({ identity }) => !input.ignored.has(identity));
  return {
    revision: timeline.revision,
    ...statusOf(report, input.running),
    title: baseName(report.run.module),
    facts: factsOf(report),
    factsTitle: `Ran on ${report.run.nodePath}, started ${report.run.startedAt}`,
    figures: figuresOf(report),
    hotspots: report.hotspots.slice(0, mostRows).map(hotspotRow),
    latency: report.latency.slice(0, mostRows).map((row) => latencyRow(row, input.histograms)),
    queue: { head: queueHead, rows: queueRows(report) },
    threads: report.threads.map(threadRow),
    findings: shown.slice(0, mostRows).map((finding) => findingRow(finding, timeline)),
    ignored: report.findings.length - shown.length,
    changed: input.changed,
    failures: report.failures.slice(0, mostRows).map(({ handler, message, count }) => ({
      sentence: handler === "" ? message : `${handler}: ${message}`,
      count,
    })),
    problems: problemsOf(report, shown.length),
    comparison: input.comparison,
    timeline,
  };
}

function problemsOf(report: Report, findings: number): string[] {
  const { hotspots, latency, failures, breaches } = report;
  const counts = { locks: hotspots.length, handlers: latency.length, failures: failures.length };
  const left = Object.entries({ findings, ...counts, breaches: breaches.length }).flatMap(
    ([what, all]) =>
      all > mostRows ? [`The first ${mostRows} of ${count(all)} ${what} are shown.`] : [],
  );
  return [
    ...report.problems,
    ...left,
    ...breaches.slice(0, mostRows).map(({ invariant, sentence }) => `${invariant}: ${sentence}`),
  ];
}

/** For a file of which nothing could be read. */
export function unreadableState(title: string, problems: readonly string[]): PanelState {
  return {
    revision: 0,
    status: "unreadable",
    statusText: problems[0] ?? "The trace could not be read.",
    title,
    facts: [],
    factsTitle: "",
    figures: [],
    hotspots: [],
    latency: [],
    queue: { head: [], rows: [] },
    threads: [],
    findings: [],
    ignored: 0,
    changed: [],
    failures: [],
    problems: problems.slice(1),
    comparison: undefined,
    timeline: {
      revision: 0,
      end: 0,
      lanes: [],
      isLed: false,
      isMarked: false,
      changes: [],
      handlers: [],
      locks: {},
      strings: {},
      deepest: 0,
    },
  };
}

function statusOf(report: Report, running: boolean): Pick<PanelState, "status" | "statusText"> {
  if (running) return { status: "running", statusText: "" };
  const { ended, message } = report.run;
  if (ended === "completed" || ended === "stopped") return { status: "finished", statusText: "" };
  if (ended === "size-limit") return { status: "finished", statusText: message };
  const waiting = report.waiting.map(
    ({ thread, lock, owner }) =>
      `thread ${thread} waited for lock "${lock}"` +
      (owner === undefined ? "" : `, which thread ${owner} held`),
  );
  const tail = waiting.length === 0 ? "" : ` At that moment ${waiting.join("; ")}.`;
  const kept = ended === "cut" ? " What was recorded until then is shown." : "";
  return { status: ended, statusText: `${message}${kept}${tail}` };
}

function factsOf({ run }: Report): string[] {
  const node = run.nodeVersion.replace(/^v/, "");
  const threads = run.threads === 1 ? "1 thread" : `${run.threads} threads`;
  const how = run.model === "leader-followers" ? run.promotion : run.model;
  return [threads, how, duration(run.wall), `node ${node}`];
}

function counted(label: string, value: string, tone: Figure["tone"] = "plain"): Figure {
  return { label, value, tone, labelStands: "behind" };
}

function named(label: string, value: string): Figure {
  return { label, value, tone: "plain", labelStands: "before" };
}

function figuresOf(report: Report): Figure[] {
  const { events, recording } = report;
  const busiest = report.latency.reduce<Report["latency"][number] | undefined>(
    (most, row) => (most === undefined || row.total.count > most.total.count ? row : most),
    undefined,
  );
  const failed = events.outcomes.failed + events.outcomes["dead-lettered"];
  return [
    counted("events/s", count(events.throughput)),
    ...(busiest === undefined || busiest.total.count === 0
      ? []
      : [named("p50", duration(busiest.total.p50)), named("p99", duration(busiest.total.p99))]),
    counted("failed", count(failed), badIfAny(failed)),
    ...(events.outcomes.shed === 0 ? [] : [counted("shed", count(events.outcomes.shed), "bad")]),
    counted("dropped", count(recording.dropped), badIfAny(recording.dropped)),
    named("recording", percent(recording.shareOfWall)),
  ];
}

function badIfAny(count: number): Figure["tone"] {
  return count > 0 ? "bad" : "plain";
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
