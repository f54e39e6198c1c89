// Shows a trace's bytes by every face that Poolscope has: what a fuzzed trace must survive. It does what the trace thread, the
// server and the command line do with a file, without the files.

import { inflateRawSync } from "node:zlib";
import { analyze } from "../../src/analysis/analyze.ts";
import { hangingDeadlock } from "../../src/analysis/hanging.ts";
import { figuresWithin } from "../../src/analysis/compare/figures-within.ts";
import { modelTraceFigures } from "../../src/analysis/compare/model-trace-figures.ts";
import type { Report } from "../../src/analysis/report.ts";
import { rules } from "../../src/analysis/rules/rules.ts";
import { suppressionOf } from "../../src/analysis/suppression.ts";
import { comparisonOf } from "../../src/presentation/comparison.ts";
import { judgedReport } from "../../src/presentation/judged-report.ts";
import { markdownReport } from "../../src/presentation/markdown-report.ts";
import { panelState } from "../../src/presentation/panel-state.ts";
import { recordedComparison } from "../../src/presentation/recorded-comparison.ts";
import { runSummary } from "../../src/presentation/run-summary.ts";
import { sarifReport } from "../../src/presentation/sarif.ts";
import { textReport } from "../../src/presentation/text-report.ts";
import { encodeTile } from "../../src/protocol/tile-codec.ts";
import { laneRows, tileNanos } from "../../src/protocol/timeline.ts";
import { diagnosticsOf } from "../../src/server/diagnostics.ts";
import { LoadedTrace } from "../../src/server/loaded-trace.ts";
import {
  filesBeside,
  filesOf,
  latencyOf,
  placedFindings,
} from "../../src/server/placed-findings.ts";
import { decode } from "../../src/trace/decode.ts";
import type { Trace } from "../../src/trace/trace.ts";

/** Shows one face; a caller may measure it. */
export type ShowFace = <T>(show: () => T) => T;

/** Throws where a face does; returns what was said to be wrong with the trace. */
export function showEverywhere(
  bytes: Uint8Array,
  other: Report,
  face: ShowFace = (show) => show(),
): readonly string[] {
  const { trace, problems } = face(() =>
    decode(bytes, (stored, rawBytes) =>
      inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
    ),
  );
  const messages = problems.map(({ message }) => message);
  if (trace === undefined) return messages;
  const report = face(() => analyze(trace, problems));
  hangingDeadlock(report);
  face(() => showReport(report, trace, other));
  const loaded = face(() => new LoadedTrace(trace, report, 1));
  face(() => showState(loaded, other));
  face(() => showTiles(loaded));
  face(() => askQuestions(loaded));
  face(() => showInEditor(report, trace));
  const whole = { start: 0, end: trace.endNanos };
  face(() => figuresWithin(trace, [whole]));
  face(() => modelTraceFigures(trace, whole));
  return messages;
}

function textOf({ tables }: Trace): (path: string) => string | undefined {
  return (path) => tables.sources.find((row) => row.path === path)?.text;
}

function showReport(report: Report, trace: Trace, other: Report): void {
  const judged = judgedReport(report, (finding) =>
    suppressionOf(
      finding,
      textOf(trace)(finding.site?.file ?? ""),
      finding.site?.line ?? 0,
      () => false,
    ),
  );
  textReport(judged.report, { colour: true, tracePath: "a.pooltrace" });
  markdownReport(judged);
  JSON.stringify(judged.report, undefined, 2);
  JSON.stringify(sarifReport(judged, { version: "0.0.0", rules, textOf: textOf(trace) }));
  for (const [before, after] of [
    [other, report],
    [report, other],
  ] as const) {
    recordedComparison(
      { report: before, path: "before" },
      { report: after, path: "after" },
      "throughput",
    );
  }
}

function showState(loaded: LoadedTrace, other: Report): void {
  const { report, head } = loaded;
  for (const running of [true, false]) {
    const state = panelState({
      report,
      timeline: head,
      histograms: loaded.histograms(),
      running,
      comparison: comparisonOf(other, report),
      ignored: new Set(),
      changed: [],
    });
    structuredClone(state);
    JSON.stringify(state);
  }
}

/** At each level the first tile, one in the middle and the last. */
function showTiles(loaded: LoadedTrace): void {
  const { end } = loaded.head;
  for (let level = 0; level < 24; level++) {
    const last = Math.floor(end / tileNanos(level));
    for (const index of new Set([0, Math.floor(last / 2), last])) {
      encodeTile(loaded.tile(level, index, false));
    }
  }
}

function askQuestions(loaded: LoadedTrace): void {
  const { head } = loaded;
  for (let lane = 0; lane < Math.min(8, head.lanes.length); lane++) {
    for (const row of laneRows) {
      for (const share of [0, 0.3, 0.5, 0.9, 1]) {
        const place = { lane, row, time: head.end * share };
        loaded.answer({ kind: "details", place });
        const next = loaded.answer({ kind: "neighbour", place, direction: "next" });
        loaded.answer({ kind: "neighbour", place, direction: "previous" });
        JSON.stringify(next);
      }
    }
  }
  loaded.answer({ kind: "range", from: 0, to: head.end });
  for (const order of ["time", "slowest"] as const) {
    structuredClone(loaded.answer({ kind: "events", from: 0, order }));
    loaded.answer({ kind: "events", from: 50, order });
  }
}

/** Findings, diagnostics and files, on the texts that ran and on ones that have changed since. */
function showInEditor(report: Report, trace: Trace): void {
  const { sources } = trace.tables;
  const { root } = trace.header;
  const summary = runSummary("a.pooltrace", report);
  // As if it were ours, so that every name it has is placed; nothing is read here.
  const reach = [{ named: root, real: root }];
  const findings = { report, sources, root, provenance: "here" as const, summary };
  const runs = [{ trace: "a.pooltrace", findings, reach }];
  for (const file of filesOf(runs)) {
    for (const text of ["", "export const a = 1;\n", ...sources.map((row) => row.text)]) {
      diagnosticsOf(placedFindings(runs, file, text, () => false));
    }
    latencyOf(runs, file);
    filesBeside(runs, file, () => undefined);
  }
  structuredClone(runs);
}
