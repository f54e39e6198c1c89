// "Profile Again and Compare": runs the version which a trace recorded against its module as it is saved now, and reads the
// traces of both.

import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { figuresWithin } from "../analysis/compare/figures-within.ts";
import { comparisonResult } from "../presentation/comparison-result.ts";
import type { CompareAnswer, CompareParams } from "../protocol/server-messages.ts";
import { compareVersions } from "../session/compare-versions.ts";
import { findNodeFor, ownNode } from "../session/find-node.ts";
import {
  defaultMargin,
  defaultPairs,
  versionNotes,
  type NamedVersion,
} from "../session/versions.ts";
import type { ComparisonTold } from "./comparison-told.ts";
import { refused, versionsOfRun } from "./versions-of-run.ts";
import { openPart, takePlace } from "./whole-folder.ts";

export async function compareWithNow(
  params: CompareParams,
  told: ComparisonTold,
): Promise<CompareAnswer> {
  const { folders } = told;
  const versions = versionsOfRun({ ...params, runs: "sources", folders });
  if (versions.kind !== "versions") return versions;
  const part = openPart(params.out);
  try {
    return await measure(params, told, versions.recorded, versions.now, part);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function measure(
  params: CompareParams,
  told: ComparisonTold,
  before: NamedVersion,
  after: NamedVersion,
  part: string,
): Promise<CompareAnswer> {
  const { out, node, useOwnNode, maxTraceBytes, metric = "throughput" } = params;
  const { pairs = defaultPairs } = params;
  const found = useOwnNode ? ownNode : findNodeFor(node, dirname(after.module));
  if (found === undefined) return { kind: "no-node" };
  if (found.kind === "refused") return refused(found.problem);
  const limited = (version: NamedVersion): NamedVersion => ({
    ...version,
    configuration: { ...version.configuration, maxTraceBytes },
  });
  const comparison = compareVersions(
    {
      before: limited(before),
      after: limited(after),
      metric,
      pairs,
      seed: before.configuration.seed,
      out: part,
      node: found.path,
      runner: told.runner,
    },
    {
      planned: ({ pairs }) => told.progress(0, pairs, `pair 1 of ${pairs}`),
      progress: (done, pairs, left) => told.progress(done, pairs, progressText(done, pairs, left)),
      output: told.output,
    },
    figuresWithin,
  );
  told.onCancel(comparison.cancel);
  const outcome = await comparison.outcome;
  switch (outcome.kind) {
    case "cancelled":
      return { kind: "cancelled" };
    case "refused":
      return { kind: "refused", problem: outcome.problem };
    case "cut":
      return refused(`A process of ${sideOf(outcome.side)} ended too early: ${outcome.why}.`);
    case "measured": {
      const placed = await takePlace(part, out);
      const result = comparisonResult({
        ...outcome,
        before: { label: before.label, trace: placed(outcome.kept.before) },
        after: { label: after.label, trace: placed(outcome.kept.after) },
        margin: defaultMargin,
        notes: versionNotes(before, after),
      });
      if (result !== undefined) return { kind: "compared", result };
      return refused(`The metric ${metric} could not be measured: no block gave a figure.`);
    }
  }
}

function progressText(done: number, pairs: number, millisLeft: number): string {
  if (done === pairs) return "reading the traces";
  return `pair ${done + 1} of ${pairs}, about ${Math.ceil(millisLeft / 1000)} s left`;
}

function sideOf(side: "before" | "after"): string {
  return side === "before" ? "the version before" : "the version as it is now";
}
