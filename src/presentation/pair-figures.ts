// From the blocks of a pair and what their traces say to the figures that are compared.

import type { PairFigures } from "../analysis/compare/compare-pairs.ts";
import { leastEventsForP99 } from "../analysis/compare/compare-models.ts";
import type { TraceFigures } from "../analysis/compare/figures-within.ts";
import type { RunResults } from "../analysis/compare/same-results.ts";
import { median } from "../base/median.ts";
import type { BlockPlan, VersionBlocks } from "../protocol/block-pairs.ts";
import type { BlockResult } from "../protocol/run-messages.ts";

/** Medians of the blocks: one that the machine disturbed moves them little. */
export function pairFigures(
  { blocks }: VersionBlocks,
  plan: BlockPlan,
  trace: TraceFigures,
): PairFigures {
  // Submits that wait for the pool would hide what it takes.
  const hasP99 = plan.block.arrival.kind === "open" && plan.block.events >= leastEventsForP99;
  return {
    ...trace,
    throughput: median(
      blocks.map(({ results, start, end }) => (results.length / (end - start)) * 1e9),
    ),
    cpu: median(blocks.map(({ cpuMicros, results }) => (cpuMicros * 1000) / results.length)),
    p50: median(blocks.map(({ p50 }) => p50)),
    p99: hasP99 ? median(blocks.map(({ p99 }) => p99)) : undefined,
  };
}

/** All blocks from the process's start, so that what one block leaves behind for the next is compared too. */
export function runResults({
  warmUp,
  blocks,
}: Pick<VersionBlocks, "warmUp" | "blocks">): RunResults {
  const all = [...warmUp, ...blocks];
  const handlers = [...new Set(all.flatMap((block) => block.handlers))].sort();
  return {
    submitted: all.map(({ submitted }) => submitted),
    handlers,
    handlerOf: all.flatMap((block) =>
      block.handlerOf.map((index) => indexIn(handlers, block, index)),
    ),
    results: all.flatMap(({ results }) => results),
  };
}

function indexIn(handlers: readonly string[], block: BlockResult, index: number): number {
  return handlers.indexOf(block.handlers[index] ?? "");
}
