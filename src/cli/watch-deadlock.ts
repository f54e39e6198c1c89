// Looks, while a run goes, whether it hangs in a deadlock. The trace is read only when no event has settled for a while, and ever
// less often: reading it takes processor time from what is measured.

import { hangingDeadlock } from "../analysis/hanging.ts";
import type { Progress } from "../protocol/run-messages.ts";
import { readTrace } from "./read-trace.ts";

const firstLookMillis = 1500;

export class DeadlockWatch {
  readonly #trace: string;
  readonly #found: (sentence: string) => void;
  #settled = -1;
  #since = 0;
  #rest = firstLookMillis;
  #isDone = false;

  /** `found` is called once, with the finding's sentence. */
  constructor(trace: string, found: (sentence: string) => void) {
    this.#trace = trace;
    this.#found = found;
  }

  see({ submitted, settled, elapsedMillis }: Progress): void {
    if (settled !== this.#settled || submitted === settled) {
      this.#settled = settled;
      this.#since = elapsedMillis;
      this.#rest = firstLookMillis;
    }
    if (this.#isDone || elapsedMillis - this.#since < this.#rest) return;
    this.#rest *= 2;
    const read = readTrace(this.#trace);
    const finding = read.kind === "read" ? hangingDeadlock(read.report) : undefined;
    if (finding === undefined) return;
    this.#isDone = true;
    this.#found(finding.sentence);
  }
}
