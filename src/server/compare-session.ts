// The one comparison that may be going on, in a thread of its own.

import { Worker } from "node:worker_threads";
import { fileURLToPath } from "node:url";
import type {
  CompareAnswer,
  CompareModelsAnswer,
  CompareModelsParams,
  CompareParams,
  CompareProgressParams,
  OutputParams,
} from "../protocol/server-messages.ts";
import type {
  CompareStart,
  ComparisonJob,
  FromCompareThread,
  ToCompareThread,
} from "./compare-thread-messages.ts";

export interface CompareListener {
  progress(params: CompareProgressParams): void;
  output(params: OutputParams): void;
}

export class CompareSession {
  readonly #script: URL;
  readonly #runner: URL;
  readonly #listener: CompareListener;
  #worker: Worker | undefined;

  constructor(script: URL, runner: URL, listener: CompareListener) {
    this.#script = script;
    this.#runner = runner;
    this.#listener = listener;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Answered with "cancelled" once all processes are gone. */
  cancel(): void {
    const message: ToCompareThread = { kind: "cancel" };
    this.#worker?.postMessage(message);
  }

  /** One comparison at a time: see isRunning. */
  async compare(params: CompareParams, folders: readonly string[]): Promise<CompareAnswer> {
    return (await this.#run({ of: "versions", params }, folders)) as CompareAnswer;
  }

  async compareModels(
    params: CompareModelsParams,
    folders: readonly string[],
  ): Promise<CompareModelsAnswer> {
    return (await this.#run({ of: "models", params }, folders)) as CompareModelsAnswer;
  }

  /** The answer is that of the job. */
  async #run(
    job: ComparisonJob,
    folders: readonly string[],
  ): Promise<CompareAnswer | CompareModelsAnswer> {
    const start: CompareStart = { job, runner: fileURLToPath(this.#runner), folders };
    const worker = new Worker(this.#script, { workerData: start });
    this.#worker = worker;
    const { trace } = job.params;
    try {
      return await new Promise((resolve, reject) => {
        worker.on("message", (message: FromCompareThread) => {
          if (message.kind === "answer") resolve(message.answer);
          else if (message.kind === "output") this.#listener.output(message.line);
          else {
            const { done, total, text } = message;
            this.#listener.progress({ trace, of: job.of, done, total, text });
          }
        });
        worker.on("error", reject);
      });
    } finally {
      this.#worker = undefined;
    }
  }
}
