// The steps of closing a pool, each within a bound: wait for what was accepted, then end the threads, by force if need be.

import type { PoolCounts } from "../pool-front.ts";
import type { Seat } from "./pool-seat.ts";

const lookEveryMillis = 2;
/** Even when the time is over, threads get a moment to leave by themselves. */
const leastMillis = 100;
/** What a Worker's threadId is after its exit. */
const exitedThreadId = -1;

/** `until` is on performance.now's clock. */
export async function settledBefore(counts: () => PoolCounts, until: number): Promise<void> {
  while (performance.now() < until) {
    const { submitted, settled } = counts();
    if (submitted === settled) return;
    await new Promise((resolve) => {
      setTimeout(resolve, lookEveryMillis);
    });
  }
}

/** Waits for the threads to leave; `forced` hears of each that did not and was ended. */
export async function endThreads(
  seats: readonly Seat[],
  until: number,
  forced: (seat: number) => void,
): Promise<void> {
  const exits = seats.map(
    ({ worker }) =>
      new Promise<void>((resolve) => {
        worker.once("exit", () => resolve());
      }),
  );
  const force = setTimeout(
    () => {
      for (const { worker, index } of seats) {
        if (worker.threadId === exitedThreadId) continue;
        forced(index);
        void worker.terminate();
      }
    },
    Math.max(leastMillis, until - performance.now()),
  );
  await Promise.all(exits);
  clearTimeout(force);
}
