// What the server tells its comparing thread, and what it hears back.

import type {
  CompareAnswer,
  CompareModelsAnswer,
  CompareModelsParams,
  CompareParams,
} from "../protocol/server-messages.ts";
import type { OutputLine } from "../protocol/run-messages.ts";

/** What is to be compared. */
export type ComparisonJob =
  | { readonly of: "versions"; readonly params: CompareParams }
  | { readonly of: "models"; readonly params: CompareModelsParams };

/** workerData of the comparing thread. */
export interface CompareStart {
  readonly job: ComparisonJob;
  /** Script of the runtime processes. */
  readonly runner: string;
  /** That the person has opened, in a window that they trust. */
  readonly folders: readonly string[];
}

export type ToCompareThread = { readonly kind: "cancel" };

export type FromCompareThread =
  | {
      readonly kind: "progress";
      readonly done: number;
      readonly total: number;
      readonly text: string;
    }
  | { readonly kind: "output"; readonly line: OutputLine }
  | { readonly kind: "answer"; readonly answer: CompareAnswer | CompareModelsAnswer };
