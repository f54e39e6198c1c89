// What a pool's options can't say each by itself: which of them exclude each other, and what follows from several of them.

import { modelNamed } from "./models/model-named.ts";
import { mostSlots } from "./memory/slot.ts";
import type { CheckedPoolOptions } from "./check-pool-options.ts";
import { momentNamed } from "./promotion/when.ts";
import type { ThreadOptions } from "./thread/thread-messages.ts";

/** Throws a RangeError with one sentence. */
export function checkTogether(options: CheckedPoolOptions): void {
  const { model, association, threads, maxThreads } = options;
  if (association !== "unbound" && model !== "leader-followers") {
    throw new RangeError(
      `association: "${association}" is not allowed with model "${model}"; leave it out, or give model "leader-followers".`,
    );
  }
  checkHandleSets(options);
  checkExclusiveKeys(options);
  if (bindsEvents(options) && maxThreads !== threads) {
    throw new RangeError(
      `maxThreads: ${maxThreads} is not allowed with ${whatBinds(options)}, where keys belong to threads; leave it out.`,
    );
  }
  if (options.whenFull === "shed-lowest" && options.queue !== "priority") {
    throw new RangeError(
      `whenFull: "shed-lowest" is not allowed with queue "${options.queue}"; give queue "priority".`,
    );
  }
  const submitters = seatsOf(options) + 2;
  if (submitters * options.capacity > mostSlots) {
    const most = 2 ** Math.floor(Math.log2(mostSlots / submitters));
    throw new RangeError(
      `capacity: ${options.capacity} is not allowed with ${options.threads} threads; give ${most} at most.`,
    );
  }
}

function checkHandleSets({ model, when, handleSets }: CheckedPoolOptions): void {
  if (handleSets === 1) return;
  if (model !== "leader-followers") {
    throw new RangeError(
      `handleSets: ${handleSets} is not allowed with model "${model}"; leave it out, or give model "leader-followers".`,
    );
  }
  if (momentNamed[when].handsOver) {
    throw new RangeError(
      `handleSets: ${handleSets} is not allowed with when "${when}", which appoints one thread for each set; give when "on-demand" or "barge".`,
    );
  }
}

function checkExclusiveKeys(options: CheckedPoolOptions): void {
  const { exclusiveKeys, model, association, handleSets } = options;
  if (!exclusiveKeys || (model === "leader-followers" && !hasSeveralQueues(options))) return;
  const instead =
    association !== "unbound"
      ? "where a key's events have their thread"
      : handleSets > 1
        ? "whose leaders would wait for each other's keys"
        : "where threads take events without a leader";
  throw new RangeError(
    `exclusiveKeys is not allowed with ${whatBinds(options)}, ${instead}; leave one of them out.`,
  );
}

function hasSeveralQueues({ association, handleSets }: CheckedPoolOptions): boolean {
  return association !== "unbound" || handleSets > 1;
}

/** For a sentence: why the pool's threads have several queues. */
export function whatBinds({
  model,
  association,
  handleSets,
}: Pick<CheckedPoolOptions, "model" | "association" | "handleSets">): string {
  if (association !== "unbound") return `association "${association}"`;
  return handleSets > 1 ? `handleSets ${handleSets}` : `model "${model}"`;
}

/** Threads that were told to end and take their time, at most, before those in their place must wait for a seat. */
const dyingAllowed = 16;

/** Seats in the pool's memory: the threads, the spares, and room for those in place of threads that still die. */
export function seatsOf({ model, maxThreads, spareThreads }: CheckedPoolOptions): number {
  const { frontThreads } = modelNamed[model];
  return maxThreads + spareThreads + Math.min(maxThreads, dyingAllowed) + frontThreads;
}

/** Whether some events belong to a certain thread, which has a queue of its own for them at each submitter. */
export function bindsEvents({
  model,
  association,
}: Pick<ThreadOptions, "model" | "association">): boolean {
  return modelNamed[model].laneForEachThread || association !== "unbound";
}
