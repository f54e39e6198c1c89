// What of a pool may change while it runs, checked before any of it does. What else a person asks for is refused by its key.

import { nearest } from "../base/nearest.ts";
import {
  checkPoolOptions,
  optionNames,
  whole,
  type CheckedPoolOptions,
} from "./check-pool-options.ts";
import { bindsEvents, whatBinds } from "./check-together.ts";
import type { PoolMemory } from "./memory/pool-memory.ts";
import type { PoolChanges } from "./pool-front.ts";
import { threadsForMachine } from "./processors.ts";
import type { Regime } from "./memory/regime.ts";

export interface CheckedChanges extends Regime {
  readonly threads: number;
}

const changeable = ["queue", "promotion", "when", "threads"] as const;

/** `present` with the changes. Throws a RangeError with one sentence. */
export function checkChanges(
  changes: PoolChanges,
  present: CheckedChanges,
  options: CheckedPoolOptions,
  memory: Pick<PoolMemory, "classes">,
): CheckedChanges {
  for (const [key, value] of Object.entries(changes)) {
    if (value !== undefined) checkKey(key);
  }
  // As when a pool starts: what is allowed there is allowed here.
  const { queue = present.queue, when = present.when } = changes;
  const { whenFull, handleSets } = options;
  checkPoolOptions({ queue, when, whenFull, handleSets });
  if (queue !== "fifo" && memory.classes === 1) {
    throw new RangeError(
      `queue: "${queue}" is not allowed in this pool of ${whatBinds(options)}, whose memory was laid out for fifo; ` +
        `start it with queue "priority" or "deadline".`,
    );
  }
  return {
    queue,
    when,
    promotion: promotionOf(changes.promotion, present, options),
    threads: threadsOf(changes.threads, present, options),
  };
}

/** For the timeline: what is different now. */
export function changesText(before: CheckedChanges, now: CheckedChanges): string {
  return changeable
    .filter((key) => before[key] !== now[key])
    .map((key) => `${key} ${now[key]}`)
    .join(", ");
}

function checkKey(key: string): void {
  if ((changeable as readonly string[]).includes(key)) return;
  const known = optionNames.includes(key);
  const name = known ? undefined : nearest(key, changeable);
  const hint = name === undefined ? "" : ` Did you mean "${name}"?`;
  throw new RangeError(
    known
      ? `${key} can't change while the pool runs (${changeable.join(", ")} can); start another pool.`
      : `There is no option "${key}".${hint}`,
  );
}

function promotionOf(
  asked: PoolChanges["promotion"],
  present: Regime,
  { promotionModule }: CheckedPoolOptions,
): Regime["promotion"] {
  if (asked === undefined) return present.promotion;
  if (!(asked instanceof URL)) return checkPoolOptions({ promotion: asked }).promotion;
  if (asked.href === promotionModule) return "own";
  throw new RangeError(
    `promotion: ${asked.href} can't be loaded while the pool runs: its threads load a module of your own when they start. ` +
      "Give the name of a protocol, or start another pool.",
  );
}

function threadsOf(
  asked: PoolChanges["threads"],
  present: CheckedChanges,
  options: CheckedPoolOptions,
): number {
  if (asked === undefined) return present.threads;
  if (bindsEvents(options)) {
    throw new RangeError(
      `threads can't change with ${whatBinds(options)}: keys belong to threads.`,
    );
  }
  const threads = asked === "auto" ? Math.min(threadsForMachine(), options.maxThreads) : asked;
  return whole("threads", threads, 1, options.maxThreads);
}
