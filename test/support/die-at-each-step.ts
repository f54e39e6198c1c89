// A thread dies at one step of the runtime after the other, beside events that go on: each event must have an outcome, and the pool
// must be whole afterwards.

import assert from "node:assert/strict";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";

interface Keyed {
  readonly key?: number;
}

export interface Deaths {
  /** From the first to before the last, by so many. */
  readonly steps: readonly [first: number, last: number, every: number];
  /** The keys of the events that end their threads, by step, and of the six beside each. */
  readonly doomed?: (step: number) => Keyed;
  readonly beside?: (index: number) => Keyed;
  /** Of each of these an event is handled after all deaths. */
  readonly alive?: readonly Keyed[];
}

/** Over the fixture deaths.ts. Closes the pool. */
export async function dieAtEachStep(pool: ThreadPool, deaths: Deaths): Promise<void> {
  const [first, last, every] = deaths.steps;
  let died = 0;
  for (let step = first; step < last; step += every) {
    const doomed = pool.submit({ type: "dieAtStep", payload: step, ...deaths.doomed?.(step) });
    const others = Array.from({ length: 6 }, (_, index) => {
      const type = index % 2 === 0 ? "locked" : "echo";
      return pool.submit({ type, payload: index, ...deaths.beside?.(index) });
    });
    const results = await Promise.allSettled([doomed, ...others]);
    died += results.filter(({ status }) => status === "rejected").length;
  }
  assert.ok(died > 0, "no thread died: the steps were not reached");
  for (const keyed of deaths.alive ?? [{}]) await stillAnswers(pool, keyed);
  await pool.close();
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted);
}

/** A step that was not reached before may still end each thread once: the event in its hands fails with it, and no other. */
export async function stillAnswers(pool: ThreadPool, keyed: Keyed = {}): Promise<void> {
  for (let deaths = 0; ; deaths++) {
    try {
      assert.equal(await pool.submit({ type: "echo", payload: "alive", ...keyed }), "alive");
      return;
    } catch (error) {
      assert.ok(error instanceof Error && error.name === "ThreadDiedError", String(error));
      assert.ok(deaths < pool.stats().threads.wanted, "threads die that nothing ends");
    }
  }
}
