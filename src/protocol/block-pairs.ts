// What a live comparison measured, before anything is concluded from it: blocks of both versions, pair by pair.

import type { ComparedMetric } from "./comparison.ts";
import type { Arrival } from "./run-configuration.ts";
import type { BlockResult } from "./run-messages.ts";

/** Fixed before the first block that counts. */
export interface BlockPlan {
  readonly metric: ComparedMetric;
  readonly pairs: number;
  /** That count, of each version in each pair. */
  readonly blocks: number;
  readonly block: BlockShape;
  /** Left out of every figure. */
  readonly warmUp: BlockShape;
}

export interface BlockShape {
  readonly events: number;
  readonly arrival: Arrival;
}

export interface VersionBlocks {
  /** Left out of every figure; compared for their results only. */
  readonly warmUp: readonly BlockResult[];
  /** Those that count, in order. */
  readonly blocks: readonly BlockResult[];
  /** Path of the trace of them all. */
  readonly trace: string;
}

/** Both versions in fresh processes, their blocks in turn, beginning with the one that was drawn. */
export interface BlockPair {
  readonly first: "before" | "after";
  readonly before: VersionBlocks;
  readonly after: VersionBlocks;
}
