// The corpus: programs with one planted fault each, their fixed twins, and healthy programs that look suspicious. Rules are
// tuned on one range of seeds and reported on another; nobody looks at the reported ones while tuning.

import { Draw } from "./draw.ts";
import { asyncMutex } from "./kinds/async-mutex.ts";
import { blockingCall } from "./kinds/blocking-call.ts";
import { busySubmitter } from "./kinds/busy-submitter.ts";
import { conditionTimeouts } from "./kinds/condition-timeouts.ts";
import { convoy } from "./kinds/convoy.ts";
import { crashingThread } from "./kinds/crashing-thread.ts";
import { deadlock } from "./kinds/deadlock.ts";
import { failingHandler } from "./kinds/failing-handler.ts";
import { guardLeftHeld } from "./kinds/guard-left-held.ts";
import { handMadeLock } from "./kinds/hand-made-lock.ts";
import { hangingHandler } from "./kinds/hanging-handler.ts";
import { headOfLineBlocking } from "./kinds/head-of-line-blocking.ts";
import { heapGrowth } from "./kinds/heap-growth.ts";
import { hiddenRetries } from "./kinds/hidden-retries.ts";
import { holdAcrossAwait } from "./kinds/hold-across-await.ts";
import { holdAcrossBlockingCall } from "./kinds/hold-across-blocking-call.ts";
import { latePromotion } from "./kinds/late-promotion.ts";
import { lockOrderInversion } from "./kinds/lock-order-inversion.ts";
import { longHold } from "./kinds/long-hold.ts";
import { loopOverdue } from "./kinds/loop-overdue.ts";
import { notifyHerd } from "./kinds/notify-herd.ts";
import { oneLockForAll } from "./kinds/one-lock-for-all.ts";
import { payloadCost } from "./kinds/payload-cost.ts";
import { poolTooSmall } from "./kinds/pool-too-small.ts";
import { priorityInversion } from "./kinds/priority-inversion.ts";
import { queueSaturated } from "./kinds/queue-saturated.ts";
import { readerWriterStarvation } from "./kinds/reader-writer-starvation.ts";
import { slowHandOff } from "./kinds/slow-hand-off.ts";
import { healthyKinds } from "./kinds/healthy.ts";
import { ModuleText, type Program, type ProgramKind } from "./program.ts";

export const kinds: readonly ProgramKind[] = [
  longHold,
  convoy,
  holdAcrossBlockingCall,
  holdAcrossAwait,
  oneLockForAll,
  handMadeLock,
  asyncMutex,
  lockOrderInversion,
  deadlock,
  conditionTimeouts,
  notifyHerd,
  readerWriterStarvation,
  blockingCall,
  loopOverdue,
  heapGrowth,
  payloadCost,
  failingHandler,
  hangingHandler,
  crashingThread,
  hiddenRetries,
  guardLeftHeld,
  latePromotion,
  slowHandOff,
  poolTooSmall,
  queueSaturated,
  headOfLineBlocking,
  priorityInversion,
  busySubmitter,
  ...healthyKinds,
];

/** First seed of each set; a set has as many as are asked for. */
export const seedSets = { tuning: 1000, reported: 500_000 } as const;
export type SeedSet = keyof typeof seedSets;

export function programOf(kind: ProgramKind, seed: number, fixed: boolean): Program {
  const draw = new Draw(seed);
  // From slight to gross; the twin draws it too, so that everything else is drawn alike.
  const magnitude = 0.3 + 0.7 * draw.real();
  const module = new ModuleText();
  const configuration = kind.write(module, draw, magnitude, fixed);
  const { text, marked } = module.finish(draw);
  const isHealthy = fixed || kind.costs === "healthy";
  return {
    name: `${kind.id}-${seed}${fixed ? "-fixed" : ""}`,
    kind: kind.id,
    seed,
    magnitude: isHealthy ? 0 : magnitude,
    text,
    victim: module.victim,
    configuration: { seed: (seed % 1000) + 1, ...configuration },
    planted: isHealthy
      ? undefined
      : { rules: kind.rules, mechanisms: kind.mechanisms ?? [], lines: marked },
  };
}
