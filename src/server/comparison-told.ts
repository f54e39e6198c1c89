// What a comparison has of the thread that it runs in.

import type { OutputLine } from "../protocol/run-messages.ts";

export interface ComparisonTold {
  /** Script of the runtime processes. */
  readonly runner: URL;
  /** That the person has opened, in a window that they trust. */
  readonly folders: readonly string[];
  progress(done: number, total: number, text: string): void;
  output(line: OutputLine): void;
  /** Calls back when the person wants no more. */
  onCancel(cancel: () => void): void;
}
