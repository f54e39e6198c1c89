// The main thread's hand on the collector thread. Rows may come before the pool is there to record; they are kept and
// written first.

import { Worker } from "node:worker_threads";
import type { PoolRecording } from "../runtime/pool-observer.ts";
import type { TraceFooter, TraceHeader } from "../trace/header.ts";
import type {
  CollectorStart,
  FromCollector,
  TableRows,
  ToCollector,
} from "./collector-messages.ts";

export class TraceWriter {
  readonly #script: URL;
  readonly #pipe: number;
  readonly #early: TableRows[] = [];
  #worker: Worker | undefined;
  #quiet: (() => void) | undefined;

  constructor(script: URL, pipe: number) {
    this.#script = script;
    this.#pipe = pipe;
  }

  start(header: TraceHeader, recording: PoolRecording): void {
    const data: CollectorStart = { header, recording, pipe: this.#pipe };
    this.#worker = new Worker(this.#script, { workerData: data });
    this.#worker.on("message", (message: FromCollector) => {
      // Nobody reads the trace any more: the run has no purpose, and its process ends .
      if (message.kind === "pipe-closed") process.exit(0);
      if (message.kind === "quiet") this.#quiet?.();
    });
    for (const rows of this.#early.splice(0)) this.append(rows);
  }

  append(rows: TableRows): void {
    if (this.#worker === undefined) this.#early.push(rows);
    else this.#tell({ kind: "rows", rows });
  }

  /** Resolves when the collector has drained what there is and sleeps. */
  async pause(): Promise<void> {
    const quiet = new Promise<void>((resolve) => {
      this.#quiet = resolve;
    });
    this.#tell({ kind: "pause" });
    await quiet;
  }

  resume(): void {
    this.#tell({ kind: "resume" });
  }

  /** Resolves when the last chunk is in the pipe. */
  async end(footer: Omit<TraceFooter, "endNanos">): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once("exit", resolve));
    this.#tell({ kind: "end", footer });
    await exited;
  }

  #tell(message: ToCollector): void {
    this.#worker?.postMessage(message);
  }
}
