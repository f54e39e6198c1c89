// What is wrong with a trace, in the order in which it was met: the first are kept as they are, the rest are counted.

import { budgets } from "./budgets.ts";
import { withoutCredentials } from "./secrets.ts";
import type { TraceProblem } from "./trace.ts";

export class ProblemList {
  readonly #kept: TraceProblem[] = [];
  readonly #leftOut: TraceProblem[] = [];
  #more = 0;

  /** The message is made only where it is kept: a file may have millions of mistakes. */
  add(message: string | (() => string), offset?: number): void {
    if (this.#kept.length >= budgets.problems) {
      this.#more++;
      return;
    }
    // It may quote what the file has.
    const told = withoutCredentials(typeof message === "string" ? message : message());
    this.#kept.push({ message: told, ...(offset === undefined ? {} : { offset }) });
  }

  /** What was not read at all comes first, and is always told. */
  leftOut(message: string): void {
    this.#leftOut.push({ message });
  }

  all(): readonly TraceProblem[] {
    const all = [...this.#leftOut, ...this.#kept];
    if (this.#more === 0) return all;
    return [
      ...all,
      { message: `And ${this.#more.toLocaleString("en-US")} more problems like these.` },
    ];
  }
}
