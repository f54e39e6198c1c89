// One run: the person's module in a pool, its workload beside it, the collector behind it; from start to the trace's footer.

import { Worker } from "node:worker_threads";
import type {
  FailureLogged,
  OutputLine,
  Progress,
  RunEnded,
  StartParams,
  StartResult,
} from "../protocol/run-messages.ts";
import { prepareModule } from "../runtime/loader/prepare-module.ts";
import type { PreparedModule } from "../runtime/loader/prepared-module.ts";
import type { PoolObserver } from "../runtime/pool-observer.ts";
import { ThreadPool } from "../runtime/thread-pool.ts";
import { traceHeader } from "./header.ts";
import { poolOptionsOf } from "./pool-options-of.ts";
import { startProblem } from "./start-problem.ts";
import type { FromWorkload, ToWorkload, WorkloadStart } from "./workload-messages.ts";
import type { ThreadScripts } from "./thread-scripts.ts";
import { TraceWriter } from "./trace-writer.ts";

/** What a run tells while it goes. */
export interface RunListener {
  output(line: OutputLine): void;
  failure(failure: FailureLogged): void;
  warning(message: string): void;
  ended(ended: RunEnded): void;
}

const drainMillis = 10_000;

export class Run {
  readonly #params: StartParams;
  readonly #scripts: ThreadScripts;
  readonly #listener: RunListener;
  readonly #startNanos = process.hrtime.bigint();
  readonly #writer: TraceWriter;
  #pool: ThreadPool | undefined;
  #workload: Worker | undefined;
  #ending: Promise<void> | undefined;

  constructor(params: StartParams, scripts: ThreadScripts, pipe: number, listener: RunListener) {
    this.#params = params;
    this.#scripts = scripts;
    this.#listener = listener;
    this.#writer = new TraceWriter(scripts.collector, pipe);
  }

  async start(): Promise<StartResult> {
    const { configuration, module, root } = this.#params;
    const prepared = await prepareModule(module, root);
    if (prepared.kind === "refused") return prepared;
    try {
      const options = poolOptionsOf(configuration, this.#scripts.pool);
      this.#pool = await ThreadPool.start(prepared.module, options, this.#observer());
    } catch (error) {
      return { kind: "refused", problem: startProblem(error, module) };
    }
    this.#startWriter(this.#pool, prepared.module);
    this.#startWorkload(this.#pool, prepared.module);
    return { kind: "started", handlers: this.#pool.handlers };
  }

  progress(): Progress {
    const counts = this.#pool?.counts();
    return {
      submitted: counts?.submitted ?? 0,
      settled: counts?.settled ?? 0,
      failed: counts?.failed ?? 0,
      shed: counts?.shed ?? 0,
      elapsedMillis: Number(process.hrtime.bigint() - this.#startNanos) / 1e6,
    };
  }

  /** Submits nothing more, lets what was accepted finish, ends the trace. */
  async stop(): Promise<void> {
    const message: ToWorkload = { kind: "stop" };
    this.#workload?.postMessage(message);
    await this.#end("stopped", "The run was stopped.");
  }

  #observer(): PoolObserver {
    return {
      thread: (row) => this.#writer.append({ table: "threads", rows: [row] }),
      strings: (rows) => this.#writer.append({ table: "strings", rows }),
      failure: (failure) => this.#listener.failure(failure),
      output: (line) => this.#listener.output(line),
      warning: (message) => this.#listener.warning(message),
      broken: (message) => void this.#end("failed", message),
    };
  }

  #startWriter(pool: ThreadPool, prepared: PreparedModule): void {
    this.#writer.start(traceHeader(this.#params, this.#startNanos), pool.recording);
    this.#writer.append({ table: "sites", rows: prepared.sites });
    this.#writer.append({ table: "sources", rows: prepared.sources });
    const rows = pool.handlers.map((name) => ({
      name,
      site: prepared.handlerSites[name] ?? prepared.handlerSites["default"] ?? 0,
    }));
    this.#writer.append({ table: "handlers", rows });
    const common = { threadId: 0, osThreadId: process.pid, parent: -1, capabilities: [] };
    this.#writer.append({
      table: "threads",
      rows: [
        { ...common, index: 0, name: "main", kind: "main" },
        {
          ...common,
          index: pool.workloadSeat.index,
          name: "workload",
          kind: "workload",
          parent: 0,
        },
      ],
    });
  }

  #startWorkload(pool: ThreadPool, prepared: PreparedModule): void {
    const { configuration } = this.#params;
    const data: WorkloadStart = { seat: pool.workloadSeat, prepared, configuration };
    const worker = new Worker(this.#scripts.workload, { workerData: data });
    this.#workload = worker;
    worker.on("message", (message: FromWorkload) => this.#workloadSaid(pool, message));
    worker.on("error", (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      void this.#end("failed", `The workload's thread died: ${why}`);
    });
  }

  #workloadSaid(pool: ThreadPool, message: FromWorkload): void {
    switch (message.kind) {
      case "abort":
        return pool.abortRunning(message.slot, message.seat);
      case "done":
        return void this.#end("completed", "");
      case "failed":
        return void this.#end("failed", message.problem.message);
    }
  }

  /** The first reason counts; every caller waits for the same end. */
  #end(reason: RunEnded["reason"], message: string): Promise<void> {
    this.#ending ??= this.#finish(reason, message);
    return this.#ending;
  }

  async #finish(reason: RunEnded["reason"], message: string): Promise<void> {
    const pending = reason === "failed" ? "cancel" : "drain";
    await this.#pool?.close({ pending, withinMillis: drainMillis });
    await this.#writer.end({ reason, message });
    void this.#workload?.terminate();
    this.#listener.ended({ reason, message, progress: this.progress() });
  }
}
