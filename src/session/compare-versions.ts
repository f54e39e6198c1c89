// A live comparison from start to measured pairs, with what each pair's traces say; the first pair's traces are kept for the
// panel, the others go.

import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BlockPair, BlockPlan, VersionBlocks } from "../protocol/block-pairs.ts";
import type { Trace } from "../trace/trace.ts";
import { decodeFile } from "./decode-file.ts";
import {
  LiveComparison,
  type ComparisonListener,
  type ComparisonRequest,
  type LiveOutcome,
  type Side,
} from "./live-comparison.ts";

export interface MeasuredPairs<Figures> {
  readonly kind: "measured";
  readonly plan: BlockPlan;
  readonly pairs: readonly BlockPair[];
  readonly traces: readonly { readonly before: Figures; readonly after: Figures }[];
  /** Paths of the traces that were kept. */
  readonly kept: Readonly<Record<Side, string>>;
}

export type ComparisonOutcome<Figures> =
  | MeasuredPairs<Figures>
  | Exclude<LiveOutcome, { readonly kind: "measured" }>;

export interface VersionsComparison<Figures> {
  readonly outcome: Promise<ComparisonOutcome<Figures>>;
  cancel(): void;
}

/** `figuresOf` is asked for the blocks that count, in nanoseconds from the trace's start. */
export function compareVersions<Figures>(
  request: ComparisonRequest,
  listener: ComparisonListener,
  figuresOf: (trace: Trace, blocks: VersionBlocks["blocks"]) => Figures,
): VersionsComparison<Figures> {
  const live = new LiveComparison(request, listener);
  const outcome = live.outcome.then((measured): ComparisonOutcome<Figures> => {
    if (measured.kind !== "measured") return measured;
    const traces = measured.pairs.map(({ before, after }) => ({
      before: figuresOf(decoded(before.trace), before.blocks),
      after: figuresOf(decoded(after.trace), after.blocks),
    }));
    return { ...measured, traces, kept: keepFirst(request.out, measured.pairs) };
  });
  return { outcome, cancel: () => live.cancel() };
}

function keepFirst(out: string, pairs: readonly BlockPair[]): Record<Side, string> {
  const kept = { before: join(out, "before.pooltrace"), after: join(out, "after.pooltrace") };
  for (const [index, pair] of pairs.entries()) {
    for (const side of ["before", "after"] as const) {
      if (index === 0) renameSync(pair[side].trace, kept[side]);
      else rmSync(pair[side].trace);
    }
  }
  return kept;
}

/** Written by ourselves a moment ago, and ended cleanly. */
function decoded(path: string): Trace {
  const file = decodeFile(path);
  if (file.kind === "unreadable") throw new Error(file.problems.join("\n"));
  return file.trace;
}
