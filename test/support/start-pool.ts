// A real pool over a fixture's handlers, for tests.

import { resolve } from "node:path";
import { prepareModule } from "../../src/runtime/loader/prepare-module.ts";
import type { PreparedModule } from "../../src/runtime/loader/prepared-module.ts";
import type { PoolObserver } from "../../src/runtime/pool-observer.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import { ThreadPool } from "../../src/runtime/thread-pool.ts";

export const kinds: string = resolve("test/fixtures/handlers/kinds.ts");

export const quiet: PoolObserver = {
  thread: () => undefined,
  strings: () => undefined,
  sites: () => undefined,
  locks: () => undefined,
  unseen: () => undefined,
  replaced: () => undefined,
  failure: () => undefined,
  output: () => undefined,
  warning: () => undefined,
  broken: () => undefined,
};

/**
 * Far less than the default: a pool's memory stays reserved until it is collected, and a process that has more than the
 * machine's memory reserved in one piece can start no other process (ENOMEM).
 */
const payloadBytes = 2 ** 26;

export async function prepare(module: string): Promise<PreparedModule> {
  const prepared = await prepareModule(module, resolve("test/fixtures"));
  if (prepared.kind === "refused") throw new Error(prepared.problem.message);
  return prepared.module;
}

export async function startPool(
  options: PoolOptions = {},
  observer: Partial<PoolObserver> = {},
  module: string = kinds,
): Promise<ThreadPool> {
  const prepared = await prepare(module);
  return ThreadPool.start(
    prepared,
    { threads: 2, payloadBytes, ...options },
    { ...quiet, ...observer },
  );
}
