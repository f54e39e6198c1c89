// `poolscope compare`: two versions of a module, live and interleaved, or two saved traces side by side. Returns the exit
// status: a comparison that says slower by more than the margin, or "results differ", fails a build.

import { dirname, resolve } from "node:path";
import { figuresWithin } from "../analysis/compare/figures-within.ts";
import { comparisonResult } from "../presentation/comparison-result.ts";
import { comparisonText } from "../presentation/comparison-text.ts";
import { recordedComparison } from "../presentation/recorded-comparison.ts";
import type { ComparisonResult } from "../protocol/comparison.ts";
import { compareVersions } from "../session/compare-versions.ts";
import { decodeFile } from "../session/decode-file.ts";
import { findNode } from "../session/find-node.ts";
import { closeFolder, keepTrace, openFolder, type TraceFolder } from "../session/kept-traces.ts";
import { placeBeside } from "../session/trace-place.ts";
import {
  versionNotes,
  versionOfModule,
  versionOfTrace,
  type FoundVersion,
  type NamedVersion,
} from "../session/versions.ts";
import { askTrust } from "./ask-trust.ts";
import type { CompareOptions } from "./compare-arguments.ts";
import { exitStatus } from "./exit-status.ts";
import { problemText } from "./profile-command.ts";
import { readTrace } from "./read-trace.ts";
import { onEndSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";

export async function compareCommand(
  options: CompareOptions,
  terminal: Terminal,
  runner: URL,
): Promise<number> {
  const paths = [resolve(options.before), resolve(options.after)] as const;
  const result = paths.every(isTrace)
    ? compareTraces(paths[0], paths[1], options, terminal)
    : await compareLive(paths[0], paths[1], options, terminal, runner);
  if (typeof result === "number") return result;
  terminal.print(
    options.json
      ? `${JSON.stringify(result, undefined, 2)}\n`
      : comparisonText(result, terminal.colour),
  );
  return failsBuild(result, options.margin) ? exitStatus.failures : exitStatus.done;
}

/** A loss that is sure and yet smaller than what counts as a difference fails no build. */
function failsBuild({ verdict, change }: ComparisonResult, margin: number): boolean {
  if (verdict === "results-differ") return true;
  return verdict === "slower" && Math.abs(change?.estimate ?? 0) > margin;
}

function isTrace(path: string): boolean {
  return path.endsWith(".pooltrace");
}

function compareTraces(
  before: string,
  after: string,
  { metric }: CompareOptions,
  terminal: Terminal,
): ComparisonResult | number {
  const [first, second] = [readTrace(before), readTrace(after)];
  for (const each of [first, second]) {
    if (each.kind === "unreadable") each.problems.forEach((problem) => terminal.error(problem));
  }
  if (first.kind === "unreadable" || second.kind === "unreadable") return exitStatus.notDone;
  return recordedComparison(
    { report: first.report, path: before },
    { report: second.report, path: after },
    metric,
  );
}

async function compareLive(
  beforePath: string,
  afterPath: string,
  options: CompareOptions,
  terminal: Terminal,
  runner: URL,
): Promise<ComparisonResult | number> {
  const versions = await findVersions(beforePath, afterPath, options, terminal);
  if (versions.kind === "not-trusted") return exitStatus.usage;
  if (versions.kind === "refused") {
    terminal.error(versions.problem);
    return versions.isUsage === true ? exitStatus.usage : exitStatus.notDone;
  }
  const { before, after } = versions;
  const folder = openFolder(options, ["before.pooltrace", "after.pooltrace"]);
  if (folder.kind === "refused") {
    terminal.error(folder.problem);
    return exitStatus.notDone;
  }
  try {
    return await measure(before, after, folder, options, terminal, runner);
  } finally {
    closeFolder(folder);
  }
}

type FoundVersions =
  | { readonly kind: "found"; readonly before: NamedVersion; readonly after: NamedVersion }
  | { readonly kind: "not-trusted" }
  | Extract<FoundVersion, { readonly kind: "refused" }>;

/** What poolscope.json does not say of the module is as it was in the trace that it is compared with. */
async function findVersions(
  beforePath: string,
  afterPath: string,
  options: CompareOptions,
  terminal: Terminal,
): Promise<FoundVersions> {
  const { settings } = options;
  const path = [beforePath, afterPath].find(isTrace);
  if (path === undefined) {
    const before = versionOfModule(beforePath, settings);
    return together(before, versionOfModule(afterPath, settings));
  }
  const file = decodeFile(path);
  if (file.kind === "unreadable") return { kind: "refused", problem: file.problems.join("\n") };
  const trusted = await askTrust(file, options.trustTrace, terminal);
  if (trusted === undefined) return { kind: "not-trusted" };
  const module = path === beforePath ? afterPath : beforePath;
  const place = placeBeside(trusted, module);
  if (place.kind === "refused") return place;
  const recorded = versionOfTrace(trusted, place.place, settings);
  const now = versionOfModule(module, settings, trusted);
  return path === beforePath ? together(recorded, now) : together(now, recorded);
}

function together(before: FoundVersion, after: FoundVersion): FoundVersions {
  if (before.kind === "refused") return before;
  if (after.kind === "refused") return after;
  return { kind: "found", before: before.version, after: after.version };
}

async function measure(
  before: NamedVersion,
  after: NamedVersion,
  folder: TraceFolder,
  options: CompareOptions,
  terminal: Terminal,
  runner: URL,
): Promise<ComparisonResult | number> {
  const { metric, pairs, margin } = options;
  const node = findNode(options.node, dirname(after.module));
  if (node.kind === "refused") {
    terminal.error(node.problem);
    return exitStatus.usage;
  }
  const comparison = compareVersions(
    {
      before,
      after,
      metric,
      pairs,
      seed: before.configuration.seed,
      out: folder.scratch,
      node: node.path,
      runner,
    },
    {
      planned: () => terminal.progress(`pair 1 of ${pairs}`),
      progress: (done, _, left) =>
        terminal.progress(
          done === pairs
            ? ""
            : `pair ${done + 1} of ${pairs}, about ${Math.ceil(left / 1000)} s left`,
        ),
      output: ({ thread, text }) => terminal.output(`[${thread}] ${text}`),
    },
    (trace, blocks) => figuresWithin(trace, blocks),
  );
  const signals = onEndSignals(comparison.cancel, comparison.cancel);
  const outcome = await comparison.outcome;
  signals.release();
  switch (outcome.kind) {
    case "cancelled":
      terminal.error("The comparison was stopped: what it measured so far proves nothing.");
      return exitStatus.notDone;
    case "cut":
      terminal.error(`A process of ${labelOf(outcome.side)} ended too early: ${outcome.why}.`);
      return exitStatus.notDone;
    case "refused":
      terminal.error(`${labelOf(outcome.side)}: ${problemText(outcome.problem)}`);
      return exitStatus.notDone;
    case "measured": {
      const result = comparisonResult({
        ...outcome,
        before: { label: before.label, trace: keepTrace(folder, outcome.kept.before) ?? "" },
        after: { label: after.label, trace: keepTrace(folder, outcome.kept.after) ?? "" },
        margin,
        notes: versionNotes(before, after),
      });
      if (result !== undefined) return result;
      terminal.error(`The metric ${metric} could not be measured: no block gave a figure.`);
      return exitStatus.notDone;
    }
  }

  function labelOf(side: "before" | "after"): string {
    return (side === "before" ? before : after).label;
  }
}
