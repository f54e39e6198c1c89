// A pool's log: what happened to it, as plain entries, for the person who asked for them by option `log`. A `write` that throws is
// named once and asked no more: a log must not end what it tells of.

import type { LogEntry, LogLevel, LogOptions } from "../pool-options.ts";

const logLevels: readonly LogLevel[] = ["error", "warn", "info", "debug"];

export class PoolLog {
  #write: ((entry: LogEntry) => void) | undefined;
  readonly #most: number;
  readonly #problem: (sentence: string) => void;

  constructor(options: LogOptions | undefined, problem: (sentence: string) => void) {
    this.#write = options === undefined ? undefined : (entry) => options.write(entry);
    this.#most = logLevels.indexOf(options?.level ?? "info");
    this.#problem = problem;
  }

  get isOn(): boolean {
    return this.#write !== undefined;
  }

  tell(level: LogLevel, event: string, text: string, thread?: number): void {
    if (this.#write === undefined || logLevels.indexOf(level) > this.#most) return;
    try {
      this.#write({ time: Date.now(), level, event, thread, text });
    } catch (error) {
      this.#write = undefined;
      this.#problem(`log: write threw ${String(error)}; no more is written.`);
    }
  }
}

/** Throws a RangeError with one sentence. */
export function checkLog(given: unknown): LogOptions | undefined {
  if (given === undefined) return undefined;
  const { level, write } = (given ?? {}) as { readonly level?: unknown; readonly write?: unknown };
  if (typeof write !== "function") {
    throw new RangeError("log: give { level, write(entry) }, where write is a function.");
  }
  if (level === undefined || logLevels.some((each) => each === level)) return given as LogOptions;
  throw new RangeError(
    `log.level: ${JSON.stringify(level)} is not allowed; give one of ${logLevels.join(", ")}.`,
  );
}
