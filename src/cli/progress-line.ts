// One line on a terminal that shows how far the run is: events done, rate, time left. Nothing when piped.

import type { RunConfiguration } from "../protocol/run-configuration.ts";
import type { Progress } from "../protocol/run-messages.ts";
import { count } from "../presentation/format.ts";

export class ProgressLine {
  readonly #configuration: RunConfiguration;
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(configuration: RunConfiguration, stream: NodeJS.WriteStream) {
    this.#configuration = configuration;
    this.#stream = stream;
  }

  show(progress: Progress): void {
    if (!this.#stream.isTTY) return;
    const seconds = progress.elapsedMillis / 1000;
    const rate = seconds === 0 ? 0 : progress.settled / seconds;
    const failed = progress.failed === 0 ? "" : `, ${count(progress.failed)} failed`;
    const left = this.#left(progress, rate);
    this.clear();
    this.#stream.write(`${count(progress.settled)} events, ${count(rate)}/s${failed}${left}`);
    this.#shown = true;
  }

  /** To be called before anything else is written to the terminal. */
  clear(): void {
    if (this.#shown) this.#stream.write("\r\u001B[K");
    this.#shown = false;
  }

  #left(progress: Progress, rate: number): string {
    const { duration, events } = this.#configuration;
    const byTime = duration === 0 ? Infinity : (duration - progress.elapsedMillis) / 1000;
    const byEvents = events === 0 || rate === 0 ? Infinity : (events - progress.settled) / rate;
    const seconds = Math.min(byTime, byEvents);
    return Number.isFinite(seconds) ? `, at most ${Math.max(0, Math.ceil(seconds))} s left` : "";
  }
}
