// From a pool's options to the parts that both the supervisor and the threads build alike: discipline, protocol, moment.

// The global of that name is a lazy getter, called anew each time; this binding is not.
import { performance } from "node:perf_hooks";
import type { PromotionProtocol } from "./promotion/which-follower.ts";
import { lifo } from "./promotion/lifo.ts";
import type { PromotionMoment } from "./promotion/when.ts";
import type { QueueDiscipline } from "./queue/queue-discipline.ts";
import type { Association } from "./models/association.ts";
import { modelNamed } from "./models/model-named.ts";
import type { PoolModel } from "./models/pool-model.ts";
import { QueueHandleSet, type RingsOf } from "./queue/queue-handle-set.ts";
import type { PoolMemory } from "./memory/pool-memory.ts";
import { presentDiscipline, presentMoment, presentProtocol } from "./memory/regime.ts";
import type { ThreadOptions } from "./thread/thread-messages.ts";

/** Discipline, protocol and moment are the present ones whenever they are asked: `configure` changes them. */
export interface PoolParts {
  readonly model: PoolModel;
  readonly discipline: () => QueueDiscipline;
  readonly protocol: PromotionProtocol;
  readonly moment: PromotionMoment;
  readonly association: Association;
  readonly handleSet: QueueHandleSet;
  handleSetOf(rings: RingsOf): QueueHandleSet;
  nowMicros(): number;
  /** A moment of this thread's performance.now, as nowMicros has it. */
  microsOf(millis: number): number;
}

/** `own`: a person's promotion protocol, loaded in this thread. */
export function poolParts(
  memory: PoolMemory,
  options: ThreadOptions,
  startNanos: bigint,
  own?: PromotionProtocol,
): PoolParts {
  // performance.now runs at the pace of hrtime (measured) and needs no BigInt; each thread has an origin of its own.
  const origin = Number(process.hrtime.bigint() - startNanos) / 1000 - performance.now() * 1000;
  // Wraps after 71 minutes: only differences are used.
  const microsOf = (millis: number): number => (millis * 1000 + origin) | 0;
  const nowMicros = (): number => microsOf(performance.now());
  return {
    model: modelNamed[options.model],
    discipline: () => presentDiscipline(memory),
    protocol: presentProtocol(memory, own ?? lifo),
    moment: presentMoment(memory),
    association: options.association,
    handleSet: new QueueHandleSet(memory, nowMicros),
    handleSetOf: (rings) => new QueueHandleSet(memory, nowMicros, rings),
    nowMicros,
    microsOf,
  };
}
