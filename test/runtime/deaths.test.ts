// A thread may die between any two of its Atomics operations: whatever it was at, nothing is lost and nothing hangs.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { dieAtEachStep, stillAnswers } from "../support/die-at-each-step.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

const deaths = resolve("test/fixtures/handlers/deaths.ts");

describe("death at every step", () => {
  for (const when of ["eager", "on-demand"] as const) {
    it(`leaves each event one outcome and each lock usable: ${when}`, async () => {
      await dieAtEachStep(await startPool({ threads: 2, when }, {}, deaths), {
        steps: [0, 72, 1],
      });
    }).timeout(120_000);
  }

  it("ends what it was cancelling, told or not", async () => {
    const options = { threads: 2, handlerGrace: 0, handlerDeadline: 1500, concurrentEvents: 2 };
    const pool = await startPool(options, {}, deaths);
    let died = 0;
    for (let step = 0; step < 10; step++) {
      const [doomed] = await Promise.allSettled([
        pool.submit({ type: "dieAtStepCancelling", payload: step }),
      ]);
      if (doomed.status === "rejected") died++;
      await until("what it submitted has its outcome", () => {
        const { submitted, settled } = pool.counts();
        return submitted === settled;
      });
    }
    assert.ok(died > 2, `${died} threads died`);
    await pool.close();
  }).timeout(120_000);

  const few = [0, 5, 11, 18, 26, 35, 45, 56];
  for (const promotion of ["lifo", "fifo", "priority"] as const) {
    for (const queue of ["fifo", "priority"] as const) {
      it(`so too with a lock held, and at any later time: ${promotion}, ${queue}`, async () => {
        const pool = await startPool({ threads: 2, when: "barge", promotion, queue }, {}, deaths);
        for (const [round, step] of few.entries()) {
          const type = round % 2 === 0 ? "dieAtStepHolding" : "throwLater";
          const doomed = pool.submit({ type, payload: step, priority: step % 8 });
          const others = Array.from({ length: 4 }, (_, priority) =>
            pool.submit({ type: "locked", priority }),
          );
          await Promise.allSettled([doomed, ...others]);
        }
        assert.ok(pool.stats().lost > 0, "no thread died");
        await stillAnswers(pool);
        await pool.close();
        const { submitted, settled } = pool.counts();
        assert.equal(settled, submitted);
      }).timeout(120_000);
    }
  }
});
