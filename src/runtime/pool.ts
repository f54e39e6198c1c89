// The npm package's front door: a pool over a module of handlers, without the profiler.

import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareModule } from "./loader/prepare-module.ts";
import type { PoolObserver } from "./pool-observer.ts";
import type { PoolOptions } from "./pool-options.ts";
import { ThreadPool } from "./thread-pool.ts";

export type { EventRequest, Handler, HandlerContext, PoolEvent } from "./handler.ts";
export type { PoolOptions } from "./pool-options.ts";
export type { ThreadPool } from "./thread-pool.ts";

/** Handlers' output goes where the process's own goes; their failures reject their events. */
const processObserver: PoolObserver = {
  thread: () => undefined,
  strings: () => undefined,
  failure: () => undefined,
  output: ({ stream, text }) => void process[stream].write(`${text}\n`),
  warning: (message) => process.emitWarning(message, "PoolscopeWarning"),
  broken: (message) => process.emitWarning(message, "PoolscopeWarning"),
};

/**
 * Starts a Leader/Followers pool over the handlers that `module` exports (a path, or a file URL). Rejects when the module
 * can't be loaded, with its file and line in the message. The caller closes the pool.
 */
export async function pool(module: string | URL, options: PoolOptions = {}): Promise<ThreadPool> {
  const path = module instanceof URL ? fileURLToPath(module) : resolve(module);
  const prepared = await prepareModule(path, dirname(path));
  if (prepared.kind === "prepared") {
    return ThreadPool.start(prepared.module, options, processObserver);
  }
  const { message, file = path, line, column, advice } = prepared.problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  throw new Error(`${place}: ${message}${advice === undefined ? "" : ` ${advice}`}`);
}
