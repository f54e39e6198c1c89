// Why the pool did not start, as the person is told: a thread's own problem with the module, or what was thrown.

import type { RunProblem } from "../protocol/run-messages.ts";

export function startProblem(error: unknown, module: string): RunProblem {
  if (!(error instanceof Error)) return { message: String(error), file: module };
  if ("problem" in error) return error.problem as RunProblem;
  return { message: error.message, file: module };
}
