// The control channel between a session and the runtime process: vscode-jsonrpc over the child's IPC channel. Method names
// and parameter types only, so that neither side needs the other's code. Trace chunks do not come this way: they go over
// a pipe of their own, file descriptor 4 of the runtime process.

import type { Arrival, LogLevel, RunConfiguration } from "./run-configuration.ts";

export const dataPipeDescriptor = 4;

export interface StartParams {
  /** Absolute path of the handler module. */
  readonly module: string;
  /** Absolute path that traces' file names are relative to. */
  readonly root: string;
  readonly configuration: RunConfiguration;
  /** The run stands still and handles events only in blocks that are asked for; undefined for a run that goes. */
  readonly blocks?: BlockStart;
}

/** A module as it is on disk, but for the files whose texts are given. */
export interface ModuleVersion {
  readonly module: string;
  readonly root: string;
  /** By absolute path. Everything else that these texts lead to is found where it always was. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface BlockStart {
  readonly texts: ModuleVersion["texts"];
  /** Whose workload gives the events: one for both versions of a comparison. */
  readonly workload: ModuleVersion;
}

/** A block: the workload's next events, submitted at once or at moments that the seed draws. */
export interface BlockParams {
  readonly events: number;
  readonly seed: number;
  readonly arrival: Arrival;
}

export type BlockAnswer =
  | { readonly kind: "done"; readonly block: BlockResult }
  | { readonly kind: "failed"; readonly problem: RunProblem };

export interface BlockResult {
  /** Nanoseconds from the trace's start: first submit, last settled. */
  readonly start: number;
  readonly end: number;
  /** Nanoseconds from the submit to settled; with an open arrival from the intended moment of the submit. */
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
  /** Processor time and context switches (0 on Windows) of the whole process from `start` to `end`. */
  readonly cpuMicros: number;
  readonly switches: number;
  /** Processor time of the whole process since the block before, while it should have been quiet. */
  readonly quietCpuMicros: number;
  /** Digest of what was submitted. */
  readonly submitted: number;
  readonly handlers: readonly string[];
  /** By the order of the events: index into `handlers`, and a digest of how the event ended. */
  readonly handlerOf: readonly number[];
  readonly results: readonly number[];
}

export interface StopParams {
  /** `failed`: what runs can come to no end; nothing is waited for. */
  readonly reason: "stopped" | "size-limit" | "failed";
  /** For the trace's last line and the person. */
  readonly message: string;
}

/** A run that can't start is an answer, not an error of the channel. */
export type StartResult =
  | { readonly kind: "started"; readonly handlers: readonly string[] }
  | { readonly kind: "refused"; readonly problem: RunProblem };

/** One clear message: what was wrong, where, what to do. */
export interface RunProblem {
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  readonly advice?: string;
}

export interface Progress {
  readonly submitted: number;
  readonly settled: number;
  readonly failed: number;
  readonly shed: number;
  readonly elapsedMillis: number;
}

/** Of the person's handlers, or of the pool's log. */
export type OutputLine =
  | { readonly thread: string; readonly stream: "stdout" | "stderr"; readonly text: string }
  | {
      readonly thread: string;
      readonly stream: "log";
      readonly level: LogLevel;
      readonly text: string;
    };

/** One handler failure, its stack already in the person's lines. */
export interface FailureLogged {
  readonly event: number;
  readonly type: string;
  readonly thread: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export interface RunEnded {
  readonly reason: "completed" | "stopped" | "failed" | "size-limit";
  readonly message: string;
  readonly progress: Progress;
}

export const runMethods = {
  /** Request StartParams -> StartResult. */
  start: "run/start",
  /** Request, no params: submit nothing more, drain, end the trace. Answered when the run has ended. */
  /** StopParams: nothing more is submitted, what was accepted finishes, the trace ends. */
  stop: "run/stop",
  /** Request BlockParams -> BlockAnswer; one at a time. */
  block: "run/block",
  /** Notifications from the runtime process. */
  progress: "run/progress",
  output: "run/output",
  failure: "run/failure",
  warning: "run/warning",
  ended: "run/ended",
} as const;
