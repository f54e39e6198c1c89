// From a run's configuration to the pool's options.

import type { RunConfiguration } from "../protocol/run-configuration.ts";
import type { PoolOptions } from "../runtime/pool-options.ts";

export function poolOptionsOf(configuration: RunConfiguration, threadScript: URL): PoolOptions {
  const { threads, promotion, when, queue, whenFull, capacity, concurrentEvents } = configuration;
  const { retries, handlerDeadline, level, sharedBytes, seed } = configuration;
  return {
    threads,
    promotion,
    when,
    queue,
    whenFull,
    capacity,
    concurrentEvents,
    retries,
    handlerDeadline,
    level,
    sharedBytes,
    seed,
    threadScript,
  };
}
