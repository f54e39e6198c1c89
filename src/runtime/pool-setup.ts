// From a pool's options to the parts that both the supervisor and the threads build alike: discipline, protocol, moment.

import type { PromotionProtocol } from "./promotion/which-follower.ts";
import { fifo } from "./promotion/fifo.ts";
import { lifo } from "./promotion/lifo.ts";
import { eager, onDemand, type PromotionMoment } from "./promotion/when.ts";
import { disciplines, type QueueDiscipline } from "./queue-discipline.ts";
import { QueueHandleSet } from "./queue-handle-set.ts";
import type { PoolMemory } from "./pool-memory.ts";
import type { ThreadOptions } from "./thread-messages.ts";

export interface PoolParts {
  readonly discipline: QueueDiscipline;
  readonly protocol: PromotionProtocol;
  readonly moment: PromotionMoment;
  readonly handleSet: QueueHandleSet;
  nowMicros(): number;
}

export function poolParts(
  memory: PoolMemory,
  options: ThreadOptions,
  startNanos: bigint,
): PoolParts {
  const discipline = disciplines[options.queue];
  // Wraps after 71 minutes: only differences are used.
  const nowMicros = (): number => Number((process.hrtime.bigint() - startNanos) / 1000n) | 0;
  return {
    discipline,
    protocol: options.promotion === "lifo" ? lifo : fifo,
    moment: options.when === "eager" ? eager : onDemand,
    handleSet: new QueueHandleSet(memory, discipline, nowMicros),
    nowMicros,
  };
}
