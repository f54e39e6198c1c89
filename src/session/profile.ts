// One profiled run, seen from outside: starts the runtime process, takes its trace chunks into the file as they come, passes
// on what it says, and ends it. Whatever happens to that process, the file keeps what had arrived.

import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import {
  runMethods,
  type BlockAnswer,
  type BlockParams,
  type FailureLogged,
  type OutputLine,
  type Progress,
  type RunEnded,
  type RunProblem,
  type StartParams,
  type StartResult,
  type StopParams,
} from "../protocol/run-messages.ts";
import { outputLines } from "./output-lines.ts";
import { didNotBegin, startProcess } from "./start-process.ts";
import { TraceFile, type IfTaken } from "./trace-file.ts";
import { readOrMakeKey } from "./trust/installation-key.ts";
import { SealWriter } from "./trust/trace-seal.ts";

export interface ProfileRequest extends StartParams {
  /** Absolute path; the folder is made when it is missing. */
  readonly out: string;
  /** "refuse" when it is left out: nothing is ever written over. */
  readonly ifTaken?: IfTaken;
  readonly node: string;
  /** Script of the runtime process. */
  readonly runner: URL;
  /** This process's own standard input is the runtime's, for a source that reads its lines. */
  readonly passStdin?: boolean;
}

export interface ProfileListener {
  started(handlers: readonly string[]): void;
  progress(progress: Progress): void;
  output(line: OutputLine): void;
  failure(failure: FailureLogged): void;
  warning(message: string): void;
}

/** `trace` is where it lies. */
export type ProfileOutcome =
  | { readonly kind: "ended"; readonly ended: RunEnded; readonly trace: string }
  /** There is no trace. */
  | { readonly kind: "refused"; readonly problem: RunProblem }
  /** The runtime process died, or the file could not be written or put in its place: the trace has what came until then. */
  | { readonly kind: "cut"; readonly why: string; readonly trace: string };

/** The last word of the runtime process. */
type LastWord =
  | { readonly kind: "ended"; readonly ended: RunEnded }
  | { readonly kind: "refused"; readonly problem: RunProblem };

export interface ProfileRun {
  /** Where the trace is being written. */
  readonly trace: string;
  /** Never rejects. By then the process is gone and the file is closed. */
  readonly outcome: Promise<ProfileOutcome>;
  /** Runs one block in a run that was started for them; undefined when the run ends before it has. */
  block(params: BlockParams): Promise<BlockAnswer | undefined>;
  /** Ends the run cleanly; a person's wish unless `params` says another reason. */
  stop(params?: StopParams): void;
  /** Ends the runtime process at once. */
  kill(): void;
}

export function profile(request: ProfileRequest, listener: ProfileListener): ProfileRun {
  const file = TraceFile.create(request.out, request.ifTaken);
  if (file.kind === "refused") return neverBegun(request, file.problem);
  let child: ChildProcess;
  try {
    child = startProcess(request);
  } catch (error) {
    file.file.discard();
    const why = error instanceof Error ? error.message : String(error);
    return neverBegun(request, didNotBegin(`${request.node}: ${why}`, request.configuration));
  }
  const connection = createMessageConnection(
    new IPCMessageReader(child),
    new IPCMessageWriter(child),
  );
  const run = new LiveRun(request, listener, child, connection, file.file);
  return {
    trace: file.file.path,
    outcome: run.outcome,
    block: (params) => run.block(params),
    stop: (params) => run.stop(params),
    kill: () => run.kill(),
  };
}

function neverBegun({ out }: ProfileRequest, problem: RunProblem): ProfileRun {
  const outcome: ProfileOutcome = { kind: "refused", problem };
  return {
    trace: out,
    outcome: Promise.resolve(outcome),
    block: () => Promise.resolve(undefined),
    stop: () => undefined,
    kill: () => undefined,
  };
}

/** For the last words of a process that has ended, which are in a pipe by then. */
const lastWordsMillis = 1000;

class LiveRun {
  readonly outcome: Promise<ProfileOutcome>;
  readonly #request: ProfileRequest;
  readonly #listener: ProfileListener;
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #file: TraceFile;
  /** Undefined where this installation has no key. */
  readonly #seal: SealWriter | undefined;
  #result: LastWord | undefined;

  constructor(
    request: ProfileRequest,
    listener: ProfileListener,
    child: ChildProcess,
    connection: MessageConnection,
    file: TraceFile,
  ) {
    this.#request = request;
    this.#listener = listener;
    this.#child = child;
    this.#connection = connection;
    this.#file = file;
    this.#seal = this.#newSeal();
    this.outcome = this.#live();
  }

  #newSeal(): SealWriter | undefined {
    const key = readOrMakeKey();
    if (key.kind === "key") return new SealWriter(key.bytes);
    // Of a comparison each run would say so.
    if (key.kind === "unusable" && this.#request.blocks === undefined) {
      const why = `The trace is not sealed, and counts as a stranger's: ${key.why}`;
      this.#listener.warning(why);
    }
    return undefined;
  }

  stop(params: StopParams = { reason: "stopped", message: "The run was stopped." }): void {
    // A process that dies meanwhile answers by its exit, which the outcome tells.
    this.#connection.sendRequest(runMethods.stop, params).catch(() => undefined);
  }

  async block(params: BlockParams): Promise<BlockAnswer | undefined> {
    const answer = this.#connection.sendRequest<BlockAnswer>(runMethods.block, params);
    // A process that dies meanwhile answers by its exit, which the outcome tells.
    return Promise.race([answer.catch(() => undefined), this.outcome.then(() => undefined)]);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #live(): Promise<ProfileOutcome> {
    const exit = this.#exited();
    const saidAll = this.#saidAll();
    const data = this.#takeData();
    this.#listen();
    this.#start();
    const why = await exit;
    await data;
    // What it said before it died may come after its exit. Not so long after, when a process that it started holds its output.
    await Promise.race([saidAll, pause(lastWordsMillis, undefined, { ref: false })]);
    this.#connection.dispose();
    return this.#conclude(why);
  }

  #conclude(why: string): ProfileOutcome {
    const file = this.#file;
    const result = this.#result;
    if (result?.kind === "refused") {
      file.discard();
      return result;
    }
    if (file.bytes === 0) {
      file.discard();
      return { kind: "refused", problem: this.#nothingCame(why) };
    }
    const end = this.#seal?.end();
    const unsealed = end === undefined ? undefined : file.seal(end);
    if (unsealed !== undefined) this.#listener.warning(unsealed);
    const cut = file.failed ?? (result === undefined ? why : undefined);
    const { path: trace, problem } = cut === undefined ? file.finish() : file.finishCut();
    const wrong = [cut, problem].filter((each) => each !== undefined).join("; ");
    if (result === undefined || wrong !== "") return { kind: "cut", why: wrong, trace };
    return { kind: "ended", ended: result.ended, trace };
  }

  #nothingCame(why: string): RunProblem {
    if (this.#file.failed !== undefined) return { message: `No trace: ${this.#file.failed}.` };
    if (this.#result !== undefined) return { message: "The run was ended before it began." };
    return didNotBegin(why, this.#request.configuration);
  }

  #exited(): Promise<string> {
    return new Promise((resolve) => {
      this.#child.on("error", (error) => resolve(`${this.#request.node}: ${error.message}`));
      this.#child.on("exit", (code, signal) => {
        resolve(
          signal === null
            ? `the runtime process ended with exit code ${code ?? "unknown"}`
            : `the runtime process was ended by ${signal}`,
        );
      });
    });
  }

  /** Resolves when all has come that the process and its threads have printed and told. */
  async #saidAll(): Promise<void> {
    const { stdout, stderr } = this.#child;
    const ends = [stdout, stderr].map((stream) => (stream === null ? undefined : closed(stream)));
    await Promise.all([...ends, disconnected(this.#child)]);
  }

  #takeData(): Promise<void> {
    const pipe = this.#child.stdio[4] as Readable | null;
    if (pipe === null) return Promise.resolve();
    const { maxTraceBytes } = this.#request.configuration;
    pipe.on("data", (bytes: Buffer) => {
      const problem = this.#file.append(bytes);
      this.#seal?.take(bytes);
      if (problem !== undefined) return this.kill();
      if (this.#file.bytes < maxTraceBytes || this.#file.bytes - bytes.length >= maxTraceBytes)
        return;
      const limit = Math.round(maxTraceBytes / 2 ** 20);
      const message = `The run was stopped: its trace has reached ${limit} MiB.`;
      this.#listener.warning(message);
      this.stop({ reason: "size-limit", message });
    });
    return new Promise((resolve) => {
      pipe.on("close", () => resolve());
    });
  }

  #listen(): void {
    const connection = this.#connection;
    const listener = this.#listener;
    connection.onNotification(runMethods.progress, (progress: Progress) =>
      listener.progress(progress),
    );
    connection.onNotification(runMethods.output, (line: OutputLine) => listener.output(line));
    connection.onNotification(runMethods.failure, (each: FailureLogged) => listener.failure(each));
    connection.onNotification(runMethods.warning, (text: string) => listener.warning(text));
    connection.onNotification(runMethods.ended, (ended: RunEnded) => {
      listener.progress(ended.progress);
      this.#finish({ kind: "ended", ended });
    });
    for (const stream of ["stdout", "stderr"] as const) {
      outputLines(this.#child[stream], (text) => listener.output({ thread: "main", stream, text }));
    }
    connection.onError(() => undefined);
    connection.listen();
  }

  #start(): void {
    const { module, root, configuration, blocks } = this.#request;
    const params: StartParams = {
      module,
      root,
      configuration,
      ...(blocks === undefined ? {} : { blocks }),
    };
    this.#connection.sendRequest<StartResult>(runMethods.start, params).then(
      (result) => {
        if (result.kind === "started") this.#listener.started(result.handlers);
        else this.#finish({ kind: "refused", problem: result.problem });
      },
      (error: unknown) => {
        // The channel closed before an answer: the exit tells why.
        if (!this.#child.connected) return;
        const why = error instanceof Error ? error.message : String(error);
        this.#finish({ kind: "refused", problem: { message: `The run did not begin: ${why}.` } });
      },
    );
  }

  /** The process has said its last word; closing the channel ends it. */
  #finish(result: LastWord): void {
    this.#result ??= result;
    if (this.#child.connected) this.#child.disconnect();
  }
}

function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once("close", () => resolve());
  });
}

/** Also by this side, which does so when the process has said its last word. */
function disconnected(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("disconnect", () => resolve());
    child.once("error", () => resolve());
  });
}
