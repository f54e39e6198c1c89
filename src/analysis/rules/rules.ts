// Every rule there is, in the order in which they are told. A new one is a file beside this one, a row here and a page under
// docs/findings.

import { abandonedLock } from "./abandoned-lock.ts";
import { blockingCall } from "./blocking-call.ts";
import { conditionTimeouts } from "./condition-timeouts.ts";
import { crashingThread } from "./crashing-thread.ts";
import { deadlock } from "./deadlock.ts";
import { failingHandler } from "./failing-handler.ts";
import { guardLeftHeld } from "./guard-left-held.ts";
import { hangingHandler } from "./hanging-handler.ts";
import { headOfLineBlocking } from "./head-of-line-blocking.ts";
import { heapGrowth } from "./heap-growth.ts";
import { hiddenRetries } from "./hidden-retries.ts";
import { latePromotion } from "./late-promotion.ts";
import { leaderlessGap } from "./leaderless-gap.ts";
import { lockContention } from "./lock-contention.ts";
import { lockOrderInversion } from "./lock-order-inversion.ts";
import { loopOverdue } from "./loop-overdue.ts";
import { notYourPool } from "./not-your-pool.ts";
import { notifyHerd } from "./notify-herd.ts";
import { payloadCost } from "./payload-cost.ts";
import { poolTooSmall } from "./pool-too-small.ts";
import { priorityInversion } from "./priority-inversion.ts";
import { queueSaturated } from "./queue-saturated.ts";
import { readerWriterStarvation } from "./reader-writer-starvation.ts";
import type { Rule } from "./rule.ts";
import { slowHandOff } from "./slow-hand-off.ts";

export const rules: readonly Rule[] = [
  lockContention,
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
  abandonedLock,
  latePromotion,
  leaderlessGap,
  slowHandOff,
  poolTooSmall,
  queueSaturated,
  headOfLineBlocking,
  priorityInversion,
  notYourPool,
];
