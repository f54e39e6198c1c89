// One run: the person's module in a pool, its workload beside it, the collector behind it; from start to the trace's footer.

import { Worker } from "node:worker_threads";
import { tooOldNode, untestedNode } from "../base/node-versions.ts";
import type {
  BlockAnswer,
  BlockParams,
  FailureLogged,
  OutputLine,
  Progress,
  RunEnded,
  StartParams,
  StartResult,
  StopParams,
} from "../protocol/run-messages.ts";
import type { RunConfiguration } from "../protocol/run-configuration.ts";
import { prepareModule } from "../runtime/loader/prepare-module.ts";
import type { PreparedModule } from "../runtime/loader/prepared-module.ts";
import { summaryOf } from "../runtime/payload/describe-value.ts";
import { osThreadId } from "../runtime/thread/os-thread-id.ts";
import { OutputLines } from "../runtime/output/output-lines.ts";
import type { LogEntry, PoolOptions } from "../runtime/pool-options.ts";
import type { PoolObserver } from "../runtime/pool-observer.ts";
import { ThreadPool } from "../runtime/thread-pool.ts";
import { withoutCredentials, withoutCredentialsIn } from "../trace/secrets.ts";
import type { ThreadRow, UnseenRow } from "../trace/tables.ts";
import { traceHeader } from "./header.ts";
import { watchFiles, type FileWatch } from "./watch-files.ts";
import { poolOptionsOf } from "./pool-options-of.ts";
import { startProblem } from "./start-problem.ts";
import type {
  FromWorkload,
  ToWorkload,
  WorkloadAnswer,
  WorkloadStart,
} from "./workload-messages.ts";
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
/** For the threads of a run that hangs: those that can end by themselves do so at once. */
const hangMillis = 500;

export class Run {
  readonly #params: StartParams;
  readonly #scripts: ThreadScripts;
  readonly #listener: RunListener;
  readonly #startNanos = process.hrtime.bigint();
  readonly #writer: TraceWriter;
  #pool: ThreadPool | undefined;
  #workload: Worker | undefined;
  #workloadOutput: OutputLines | undefined;
  #ending: Promise<void> | undefined;
  #sourceWatch: FileWatch | undefined;
  /** Every thread tells the same. */
  readonly #unseen = new Set<string>();
  #blockEnded: ((answer: WorkloadAnswer) => void) | undefined;
  /** Since the last block, when this process should have been quiet. */
  #quietSince = process.cpuUsage();

  constructor(params: StartParams, scripts: ThreadScripts, pipe: number, listener: RunListener) {
    this.#params = params;
    this.#scripts = scripts;
    this.#listener = listener;
    this.#writer = new TraceWriter(scripts.collector, pipe);
  }

  async start(): Promise<StartResult> {
    const { configuration, module, root, blocks } = this.#params;
    const tooOld = tooOldNode(process.versions.node);
    if (tooOld !== undefined) return { kind: "refused", problem: { message: tooOld } };
    const prepared = await prepareModule(module, root, blocks?.texts);
    if (prepared.kind === "refused") return prepared;
    const workload =
      blocks === undefined
        ? prepared
        : await prepareModule(blocks.workload.module, blocks.workload.root, blocks.workload.texts);
    if (workload.kind === "refused") return workload;
    const untested = untestedNode(process.versions.node);
    if (untested !== undefined && blocks === undefined) this.#listener.warning(untested);
    // Before any thread runs: what a `setup` meets is numbered after these, and a row's number is its place.
    this.#writer.append({ table: "sites", rows: prepared.module.sites });
    this.#writer.append({ table: "sources", rows: prepared.module.sources });
    try {
      const options = {
        ...poolOptionsOf(configuration, this.#scripts.pool),
        ...this.#log(configuration),
      };
      this.#pool = await ThreadPool.start(prepared.module, options, this.#observer());
    } catch (error) {
      return { kind: "refused", problem: startProblem(error, module) };
    }
    this.#startWriter(this.#pool, prepared.module);
    this.#startWorkload(this.#pool, workload.module);
    if (configuration.watch) this.#watchSources(this.#pool, prepared.module);
    if (blocks !== undefined) await this.#writer.pause();
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

  /** Runs one block in a run that was started for blocks, and is quiet again before it answers. One at a time. */
  async block(params: BlockParams): Promise<BlockAnswer> {
    const quiet = process.cpuUsage(this.#quietSince);
    this.#writer.resume();
    const ended = new Promise<WorkloadAnswer>((resolve) => {
      this.#blockEnded = resolve;
    });
    this.#tellWorkload({ kind: "block", params });
    const answer = await ended;
    if (answer.kind === "failed") return answer;
    await this.#writer.pause();
    this.#quietSince = process.cpuUsage();
    return { kind: "done", block: { ...answer.block, quietCpuMicros: quiet.user + quiet.system } };
  }

  /** Submits nothing more, lets what was accepted finish, ends the trace. */
  async stop({ reason, message: why }: StopParams): Promise<void> {
    this.#tellWorkload({ kind: "stop" });
    await this.#end(reason, why, reason === "failed" ? hangMillis : drainMillis);
  }

  #tellWorkload(message: ToWorkload): void {
    this.#workload?.postMessage(message);
  }

  /** The owner's warnings and failures reach the person without it. */
  #log({ logLevel }: RunConfiguration): Pick<PoolOptions, "log"> {
    if (logLevel === "none") return {};
    const write = ({ event, level, thread, text }: LogEntry): void => {
      if (event === "warning" || event === "handler-failed") return;
      const of = thread === undefined ? "" : `thread ${thread}`;
      this.#listener.output({
        thread: of,
        stream: "log",
        level,
        text: withoutCredentials(`${event}: ${text}`),
      });
    };
    return { log: { level: logLevel, write } };
  }

  #observer(): PoolObserver {
    return {
      thread: (row) => this.#writer.append({ table: "threads", rows: [row] }),
      strings: (rows) => this.#writer.append({ table: "strings", rows }),
      sites: (rows) => this.#writer.append({ table: "sites", rows }),
      locks: (rows) => this.#writer.append({ table: "locks", rows }),
      unseen: (row) => this.#appendUnseen(row),
      replaced: ({ sources, handlers }) => {
        this.#writer.append({ table: "sources", rows: sources });
        this.#writer.append({ table: "handlers", rows: handlers });
      },
      failure: (failure) => this.#listener.failure(withoutCredentialsIn(failure)),
      output: (line) => this.#listener.output(line),
      warning: (message) => this.#listener.warning(message),
      broken: (message) => void this.#end("failed", message),
    };
  }

  #startWriter(pool: ThreadPool, prepared: PreparedModule): void {
    this.#writer.start(traceHeader(this.#params, this.#startNanos), pool.recording);
    const rows = pool.handlers.map((name) => ({
      name,
      site: prepared.handlerSites[name] ?? prepared.handlerSites["default"] ?? 0,
    }));
    this.#writer.append({ table: "handlers", rows });
    this.#appendThread({ index: 0, name: "main", kind: "main", parent: -1 }, osThreadId());
  }

  #appendThread(
    thread: Pick<ThreadRow, "index" | "name" | "kind" | "parent">,
    osThreadId: number,
  ): void {
    const capabilities = osThreadId === 0 ? [] : (["os"] as const);
    const row = { ...thread, threadId: 0, osThreadId, capabilities };
    this.#writer.append({ table: "threads", rows: [row] });
  }

  #appendUnseen(row: UnseenRow): void {
    const text = JSON.stringify(row);
    if (this.#unseen.has(text)) return;
    this.#unseen.add(text);
    this.#writer.append({ table: "unseen", rows: [row] });
  }

  /** A saved file takes effect in the run that goes; one with a mistake is told, and the handlers stay as they are. */
  #watchSources(pool: ThreadPool, { files }: PreparedModule): void {
    this.#sourceWatch = watchFiles(
      files.map(({ path }) => path),
      () => {
        pool.replaceHandlers().then(
          () => this.#listener.warning("The handlers were replaced: a file of theirs was saved."),
          (error: unknown) =>
            this.#listener.warning(
              `The handlers stay as they are: ${startProblem(error, "").message}`,
            ),
        );
      },
    );
  }

  #startWorkload(pool: ThreadPool, prepared: PreparedModule): void {
    const { configuration, module } = this.#params;
    const blocks =
      this.#params.blocks === undefined
        ? undefined
        : { module, startNanos: String(this.#startNanos) };
    const output = new OutputLines((stream, text) =>
      this.#listener.output({ thread: "workload", stream, text }),
    );
    const seat = pool.workloadSeat;
    const data: WorkloadStart = { seat, prepared, configuration, blocks, output: output.seat };
    const worker = new Worker(this.#scripts.workload, {
      workerData: data,
      transferList: [output.seat.port],
      stdout: true,
      stderr: true,
    });
    this.#workload = worker;
    this.#workloadOutput = output;
    if (configuration.sources.length > 0) {
      void pool.sourcesEnded.then(() => this.#tellWorkload({ kind: "sources-ended" }));
    }
    worker.on("message", (message: FromWorkload) => this.#workloadSaid(pool, message));
    worker.on("exit", () => output.end());
    worker.on("error", (error: unknown) => {
      void this.#end("failed", `The workload's thread died: ${summaryOf(error)}`);
    });
  }

  #workloadSaid(pool: ThreadPool, message: FromWorkload): void {
    switch (message.kind) {
      case "running": {
        const { index } = pool.workloadSeat;
        const thread = { index, name: "workload", kind: "workload", parent: 0 } as const;
        return this.#appendThread(thread, message.osThreadId);
      }
      case "cancelled":
        return pool.cancelRunning(message.slot);
      case "warning":
        return this.#listener.warning(message.text);
      case "unseen":
        return this.#appendUnseen(message.row);
      case "block":
        return this.#blockEnded?.(message.answer);
      case "done":
        return void this.#end("completed", "");
      case "failed":
        return void this.#end("failed", message.problem.message);
    }
  }

  /** Its last lines are told before the run's end is. A workload that can't be ended dies with this process. */
  #endWorkload(): void {
    void this.#workload?.terminate();
    this.#workloadOutput?.end();
  }

  /** The first reason counts; every caller waits for the same end. */
  #end(reason: RunEnded["reason"], message: string, withinMillis = drainMillis): Promise<void> {
    this.#ending ??= this.#finish(reason, message, withinMillis);
    return this.#ending;
  }

  async #finish(reason: RunEnded["reason"], message: string, withinMillis: number): Promise<void> {
    this.#blockEnded?.({ kind: "failed", problem: { message } });
    this.#sourceWatch?.close();
    const pending = reason === "failed" ? "cancel" : "drain";
    await this.#pool?.close({ pending, withinMillis });
    await this.#writer.end({ reason, message });
    this.#endWorkload();
    this.#listener.ended({ reason, message, progress: this.progress() });
  }
}
