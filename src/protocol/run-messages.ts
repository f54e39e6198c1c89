// The control channel between a session and the runtime process: vscode-jsonrpc over the child's IPC channel. Method names
// and parameter types only, so that neither side needs the other's code. Trace chunks do not come this way: they go over
// a pipe of their own, file descriptor 4 of the runtime process.

import type { RunConfiguration } from "./run-configuration.ts";

export const dataPipeDescriptor = 4;

export interface StartParams {
  /** Absolute path of the handler module. */
  readonly module: string;
  /** Absolute path that traces' file names are relative to. */
  readonly root: string;
  readonly configuration: RunConfiguration;
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

export interface OutputLine {
  readonly thread: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

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
  readonly reason: "completed" | "stopped" | "failed";
  readonly message: string;
  readonly progress: Progress;
}

export const runMethods = {
  /** Request StartParams -> StartResult. */
  start: "run/start",
  /** Request, no params: submit nothing more, drain, end the trace. Answered when the run has ended. */
  stop: "run/stop",
  /** Notifications from the runtime process. */
  progress: "run/progress",
  output: "run/output",
  failure: "run/failure",
  warning: "run/warning",
  ended: "run/ended",
} as const;
