// The npm package's front door: a pool over a module of handlers, without the profiler.

import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { GroupOptions, PoolGroup } from "./group/group-front.ts";
import { BalancedGroup } from "./group/pool-group.ts";
import { RemotePool } from "./group/remote-pool.ts";
import { prepareOrThrow } from "./loader/prepare-or-throw.ts";
import type { LocalPool, Pool } from "./pool-front.ts";
import type { PoolObserver } from "./pool-observer.ts";
import type { PoolOptions } from "./pool-options.ts";
import { ThreadPool } from "./thread-pool.ts";

export type * from "./handler.ts";
export type * from "./pool-front.ts";
export type {
  LogEntry,
  LogLevel,
  LogOptions,
  MessageSource,
  PoolOptions,
  SourceOptions,
} from "./pool-options.ts";
export type * from "./pool-state.ts";
export type * from "./group/group-front.ts";

/** Handlers' output goes where the process's own goes; their failures reject their events. */
const processObserver: PoolObserver = {
  thread: () => undefined,
  strings: () => undefined,
  sites: () => undefined,
  locks: () => undefined,
  unseen: () => undefined,
  replaced: () => undefined,
  failure: () => undefined,
  output: ({ stream, text }) => void process[stream].write(`${text}\n`),
  warning: (message) => process.emitWarning(message, "PoolscopeWarning"),
  broken: (message) => process.emitWarning(message, "PoolscopeWarning"),
};

/**
 * Starts a Leader/Followers pool over the handlers that `module` exports (a path, or a file URL).
 * Rejects when the module can't be loaded, with its file and line in the message. Closing the pool
 * runs `teardown`; a pool that nobody closes lets the process end when it is idle.
 */
export async function pool(module: string | URL, options: PoolOptions = {}): Promise<LocalPool> {
  const path = module instanceof URL ? fileURLToPath(module) : resolve(module);
  const prepared = await prepareOrThrow(path, dirname(path));
  return ThreadPool.start(prepared, options, processObserver);
}

/**
 * The same in a process of its own, which is started again when it dies; what it had then fails with PoolDiedError. Payloads and
 * results cross by IPC: dearer than a pool of this process, and proof against whatever ends a process.
 */
export function remotePool(
  module: string | URL,
  options: Omit<PoolOptions, "threadScript" | "log"> = {},
): Promise<Pool> {
  return RemotePool.start(module, options);
}

/** Several pools behind one submit: docs/balancing.md. Throws when an option is not allowed. */
export function poolGroup(options: GroupOptions): PoolGroup {
  return new BalancedGroup(options, { now: () => performance.now(), random: Math.random });
}
