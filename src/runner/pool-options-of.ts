// From a run's configuration to the pool's options.

import type { RunConfiguration } from "../protocol/run-configuration.ts";
import type { PoolOptions, SourceOptions } from "../runtime/pool-options.ts";

export function poolOptionsOf(configuration: RunConfiguration, threadScript: URL): PoolOptions {
  const { model, association, exclusiveKeys, handleSets, threads } = configuration;
  const { promotion, when, queue } = configuration;
  const { whenFull, capacity, concurrentEvents } = configuration;
  const { admission, breakAfter, breakMillis, threadMemory } = configuration;
  const { maxThreads, affinity } = configuration;
  const { handlerGrace, spareThreads, deadLetters } = configuration;
  const { retries, handlerDeadline, level, sharedBytes, seed } = configuration;
  return {
    model,
    association,
    exclusiveKeys,
    handleSets,
    threads,
    promotion,
    when,
    queue,
    whenFull,
    admission,
    breakAfter,
    breakMillis,
    threadMemory,
    capacity,
    ...(concurrentEvents === undefined ? {} : { concurrentEvents }),
    retries,
    handlerDeadline,
    handlerGrace,
    ...(maxThreads === undefined ? {} : { maxThreads }),
    spareThreads,
    affinity,
    ...(deadLetters === undefined ? {} : { deadLetters }),
    level,
    sharedBytes,
    seed,
    // Checked by the pool, as what a person gave.
    sources: configuration.sources as unknown as readonly SourceOptions[],
    threadScript,
  };
}
