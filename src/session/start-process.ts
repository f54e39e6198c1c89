// The runtime process's start, with the flags and the environment that a run's configuration says; and what is told when nothing
// came of it. For profile.ts.

import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunConfiguration } from "../protocol/run-configuration.ts";
import type { RunProblem } from "../protocol/run-messages.ts";
import type { ProfileRequest } from "./profile.ts";

/** Throws when what it is given can be no process's. */
export function startProcess(request: ProfileRequest): ChildProcess {
  const { env, envFile, execArgv } = request.configuration;
  const fromFile = envFile === undefined ? [] : [`--env-file=${envFile}`];
  const flags = [...execArgv, ...fromFile];
  return spawn(request.node, [...flags, fileURLToPath(request.runner)], {
    stdio: [request.passStdin === true ? "inherit" : "ignore", "pipe", "pipe", "ipc", "pipe"],
    env: { ...process.env, ...env },
  });
}

/** What a person says of the process itself is the likeliest reason. */
export function didNotBegin(why: string, { execArgv, env }: RunConfiguration): RunProblem {
  const said = [
    ...(execArgv.length === 0 ? [] : ['"execArgv"']),
    ...("NODE_OPTIONS" in env ? ['"NODE_OPTIONS" in "env"'] : []),
  ];
  return {
    message: `The run did not begin: ${why}.`,
    ...(said.length === 0 ? {} : { advice: `Look at ${said.join(", and at ")}.` }),
  };
}
