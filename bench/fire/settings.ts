// The pools that are fired at: every model, promotion, moment, queue and association, and what may change what a death takes
// with it.

import type { PoolOptions } from "../../src/runtime/pool-options.ts";

const promotions = ["lifo", "fifo", "priority", "load", "speed"] as const;
const moments = ["on-demand", "eager", "barge", "late"] as const;
const queues = ["fifo", "priority", "deadline"] as const;
const levels = ["off", "scheduling", "locks", "all"] as const;

const common: PoolOptions = {
  threads: 3,
  capacity: 64,
  handlerDeadline: 300,
  handlerGrace: 100,
  threadMemory: 64,
};

const models: readonly PoolOptions[] = [
  ...promotions.flatMap((promotion) => moments.map((when) => ({ promotion, when }))),
  ...queues.map((queue) => ({ queue })),
  ...levels.map((level) => ({ level })),
  { association: "bound" },
  { association: "hybrid" },
  { exclusiveKeys: true },
  { handleSets: 3, when: "barge" },
  { handleSets: 2, when: "on-demand", association: "hybrid" },
  { concurrentEvents: 4 },
  { concurrentEvents: 8, when: "eager", level: "all" },
  { concurrentEvents: 4, exclusiveKeys: true },
  { spareThreads: 2 },
  { whenFull: "wait", capacity: 4 },
  { model: "half-sync-half-async" },
  { model: "half-sync-half-async", concurrentEvents: 4 },
  { model: "active-object" },
  { model: "monitor-object" },
  { model: "event-loop" },
];

export const settings: readonly PoolOptions[] = models.map((model) => ({ ...common, ...model }));

export function titleOf(setting: PoolOptions): string {
  const own = Object.entries(setting).filter(([key]) => !(key in common) || key === "capacity");
  return own.map(([key, value]) => `${key} ${String(value)}`).join(", ");
}

/** Several turns of a thread at once: whatever ends the thread takes them with it. */
export function sharesThreads({ concurrentEvents = 1, model }: PoolOptions): boolean {
  return concurrentEvents > 1 || model === "event-loop";
}
