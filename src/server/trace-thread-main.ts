// A worker thread of the server that holds one trace: reads it, analyses it, cuts tiles, answers questions. While a run
// writes the file it is read again as it grows, at most a fifth of the time.

import { statSync } from "node:fs";
import { basename } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { hangingDeadlock } from "../analysis/hanging.ts";
import { suppressionOf } from "../analysis/suppression.ts";
import { assert } from "../base/assert.ts";
import { visible } from "../base/visible.ts";
import { comparisonOf } from "../presentation/comparison.ts";
import { panelState, unreadableState } from "../presentation/panel-state.ts";
import { runSummary } from "../presentation/run-summary.ts";
import type { TileName } from "../protocol/panel-messages.ts";
import type { PanelState } from "../protocol/panel-state.ts";
import { encodeTile } from "../protocol/tile-codec.ts";
import { isIgnored } from "../session/ignored.ts";
import { absolutePath, reachOf, type Reach } from "../session/named-files.ts";
import type { Provenance } from "../session/trust/provenance.ts";
import { sourcesNow } from "./changed-sources.ts";
import { loadTrace, type LoadedTrace } from "./loaded-trace.ts";
import { provenanceNotes } from "./provenance-notes.ts";
import { sourceOfTrace } from "./source-of-trace.ts";
import { shown } from "./shown.ts";
import type {
  FromTraceThread,
  SourceQuestion,
  ToTraceThread,
  TraceQuestion,
  TraceThreadStart,
} from "./trace-thread-messages.ts";

const firstReadMillis = 250;
/** Between two reads: at least this, and four times what the last one took. */
const restMillis = 300;

assert(parentPort !== null, "trace-thread-main runs in a worker thread only");
const port = parentPort;
const start = workerData as TraceThreadStart;
const { path, previous } = start;

let running = start.running;
let loaded: LoadedTrace | undefined;
let revision = 0;
let bytesRead = -1;
let toldHang = false;
let { cutBecause, opened } = start;
/** What a run of this session writes is ours, sealed or not yet. */
const writtenHere: Provenance = { kind: "here" };
let provenance: Provenance = writtenHere;

function tell(message: FromTraceThread, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function read(): void {
  const size = sizeOf();
  if (running && (size === bytesRead || size === 0)) return;
  bytesRead = size;
  const result = loadTrace(path, ++revision);
  if (result.kind === "read") {
    loaded = result.loaded;
    if (!start.running) ({ provenance } = result);
    tellState(stateOf(loaded));
    if (running && !toldHang) tellHang(loaded);
  } else if (!running) {
    tellState(unreadableState(basename(path), result.problems));
  }
  if (!running) tell({ kind: "final", findings: findingsOf() });
}

function tellState(state: PanelState): void {
  tell({ kind: "state", state: shown(state) });
}

function tellHang({ report }: LoadedTrace): void {
  const sentence = hangingDeadlock(report)?.sentence;
  const findings = findingsOf();
  if (sentence === undefined || findings === undefined) return;
  toldHang = true;
  tell({ kind: "hangs", sentence: visible(sentence), findings });
}

/** 0 when there is no file yet. */
function sizeOf(): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function stateOf(trace: LoadedTrace): PanelState {
  const before = running || previous === undefined ? undefined : loadTrace(previous, 0);
  const comparison =
    before?.kind === "read" ? comparisonOf(before.loaded.report, trace.report) : undefined;
  const now = running ? undefined : sourcesNow(trace.trace, reach(trace));
  const read = panelState({
    report: trace.report,
    timeline: trace.head,
    histograms: trace.histograms(),
    running,
    comparison,
    ignored: ignoredOf(trace),
    changed: now?.changed ?? [],
  });
  const notes = provenanceNotes(provenance, opened.trusted, now?.unread ?? []);
  const state = { ...read, problems: [...read.problems, ...notes] };
  if (cutBecause === undefined || state.status !== "cut") return state;
  const kept = "What was recorded until then is shown.";
  return { ...state, statusText: `The run was cut: ${cutBecause}. ${kept}` };
}

/** Where files that the trace names may be read. */
function reach({ trace }: LoadedTrace): Reach {
  return reachOf(opened, trace.header.root, provenance.kind);
}

/** Identities that a comment in the text that ran, or the configuration of their file, says to leave out. */
function ignoredOf(loaded: LoadedTrace): ReadonlySet<string> {
  const { trace, report } = loaded;
  const within = reach(loaded);
  const left = report.findings.filter((finding) => {
    const { site } = finding;
    const path = site?.file ?? report.run.module;
    const text = trace.tables.sources.find((row) => site !== undefined && row.path === path)?.text;
    const file = absolutePath(trace.header.root, path);
    const ignored = (identity: string): boolean =>
      file !== undefined && isIgnored(identity, file, within);
    return suppressionOf(finding, text, site?.line ?? 0, ignored) !== undefined;
  });
  return new Set(left.map(({ identity }) => identity));
}

function findingsOf(): Extract<FromTraceThread, { kind: "final" }>["findings"] {
  if (loaded === undefined) return undefined;
  const { report, trace } = loaded;
  return {
    report,
    sources: trace.tables.sources,
    root: trace.header.root,
    provenance: provenance.kind,
    summary: shown(runSummary(path, report)),
  };
}

function readWhileRunning(): void {
  if (!running) return;
  const began = performance.now();
  read();
  const took = performance.now() - began;
  setTimeout(readWhileRunning, Math.max(restMillis, 4 * took));
}

function sendTiles(wanted: readonly TileName[]): void {
  if (loaded === undefined) return;
  for (const { level, index } of wanted) {
    const bytes = new Uint8Array(encodeTile(loaded.tile(level, index, running)));
    tell({ kind: "tile", bytes }, [bytes.buffer]);
  }
}

function answerTo(question: TraceQuestion | SourceQuestion): unknown {
  if (loaded === undefined) return undefined;
  if (question.kind !== "source") return shown(loaded.answer(question));
  const { trace } = loaded;
  const seen = { trace, provenance: provenance.kind, opened, reach: reach(loaded) };
  return sourceOfTrace(seen, question.file);
}

port.on("message", (message: ToTraceThread) => {
  switch (message.kind) {
    case "tiles":
      return sendTiles(message.wanted);
    case "question":
      return tell({
        kind: "answer",
        request: message.request,
        value: answerTo(message.question) ?? null,
      });
    case "opened":
      ({ opened } = message);
      if (loaded !== undefined) tellState(stateOf(loaded));
      return;
    case "files-changed":
      if (loaded !== undefined) tellState(stateOf(loaded));
      return;
    case "ended":
      running = false;
      cutBecause = message.why;
      return read();
  }
});

if (running) setTimeout(readWhileRunning, firstReadMillis);
else read();
