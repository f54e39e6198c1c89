// What the runtime process tells its workload thread, and what it hears back.

import type { RunConfiguration } from "../protocol/run-configuration.ts";
import type {
  BlockAnswer,
  BlockParams,
  BlockResult,
  RunProblem,
} from "../protocol/run-messages.ts";
import type { PreparedModule } from "../runtime/loader/prepared-module.ts";
import type { OutputSeat } from "../runtime/output/thread-output.ts";
import type { SubmitterSeat } from "../runtime/submit/submitter-seat.ts";
import type { UnseenRow } from "../trace/tables.ts";

/** workerData of the workload thread. */
export interface WorkloadStart {
  readonly seat: SubmitterSeat;
  readonly prepared: PreparedModule;
  readonly configuration: RunConfiguration;
  /** Undefined: all events at once. */
  readonly blocks: WorkloadBlocks | undefined;
  readonly output: OutputSeat;
}

export interface WorkloadBlocks {
  /** Where the handlers are; `prepared` is the module with the workload. */
  readonly module: string;
  /** The trace's start, on process.hrtime's clock. */
  readonly startNanos: string;
}

export type ToWorkload =
  | { readonly kind: "stop" }
  /** All event sources have come to their end: so has a run that has no other workload. */
  | { readonly kind: "sources-ended" }
  | { readonly kind: "block"; readonly params: BlockParams };

export type MeasuredBlock = Omit<BlockResult, "quietCpuMicros">;

export type WorkloadAnswer =
  | { readonly kind: "done"; readonly block: MeasuredBlock }
  | Extract<BlockAnswer, { readonly kind: "failed" }>;

export type FromWorkload =
  /** The first message, before anything is submitted. */
  | { readonly kind: "running"; readonly osThreadId: number }
  | { readonly kind: "cancelled"; readonly slot: number }
  | { readonly kind: "warning"; readonly text: string }
  | { readonly kind: "unseen"; readonly row: UnseenRow }
  /** Everything was submitted and has settled. */
  | { readonly kind: "done" }
  /** It ended early; what was submitted has settled. */
  | { readonly kind: "failed"; readonly problem: RunProblem }
  | { readonly kind: "block"; readonly answer: WorkloadAnswer };
