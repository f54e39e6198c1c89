// What the runtime process tells its workload thread, and what it hears back.

import type { RunConfiguration } from "../protocol/run-configuration.ts";
import type { RunProblem } from "../protocol/run-messages.ts";
import type { PreparedModule } from "../runtime/loader/prepared-module.ts";
import type { SubmitterSeat } from "../runtime/submitter-seat.ts";

/** workerData of the workload thread. */
export interface WorkloadStart {
  readonly seat: SubmitterSeat;
  readonly prepared: PreparedModule;
  readonly configuration: RunConfiguration;
}

export type ToWorkload = { readonly kind: "stop" };

export type FromWorkload =
  | { readonly kind: "abort"; readonly slot: number; readonly seat: number }
  /** Everything was submitted and has settled. */
  | { readonly kind: "done" }
  /** It ended early; what was submitted has settled. */
  | { readonly kind: "failed"; readonly problem: RunProblem };
