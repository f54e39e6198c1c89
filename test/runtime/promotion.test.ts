// Which follower is promoted, and when: each protocol by itself, and each in a real pool whose trace is one of a correct pool,
// but for the one that makes the mistake.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { analyze } from "../../src/analysis/analyze.ts";
import { promotions, protocols } from "../../src/runtime/promotion/protocols.ts";
import type { IdleSeat } from "../../src/runtime/promotion/which-follower.ts";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";
import { until } from "../support/until.ts";

const own = (name: string): URL => pathToFileURL(resolve("test/fixtures/handlers", name));

function seat(number: number, fields: Partial<IdleSeat> = {}): IdleSeat {
  return { seat: number, ticket: 0, age: 1, live: 0, busy: 0, pace: 0, ...fields };
}

function picked(name: keyof typeof protocols, seats: readonly IdleSeat[]): number {
  const best = seats.reduce((one, other) => (protocols[name].prefers(other, one) ? other : one));
  return best.seat;
}

describe("which follower", () => {
  it("is the last to become idle with lifo, until one was passed over for long", () => {
    assert.equal(
      picked("lifo", [seat(1, { age: 9 }), seat(2, { age: 1 }), seat(3, { age: 4 })]),
      2,
    );
    assert.equal(
      picked("lifo", [seat(1, { age: 300 }), seat(2, { age: 1 }), seat(3, { age: 301 })]),
      3,
    );
  });

  it("is the first to become idle with fifo, the lowest number with priority", () => {
    assert.equal(
      picked("fifo", [seat(1, { age: 2 }), seat(2, { age: 9 }), seat(3, { age: 4 })]),
      2,
    );
    assert.equal(picked("priority", [seat(3), seat(1), seat(2)]), 1);
  });

  it("is the one with the fewest turns, then the least work, with load", () => {
    const seats = [seat(1, { live: 1 }), seat(2, { busy: 900 }), seat(3, { busy: 20 })];
    assert.equal(picked("load", seats), 3);
    const wrapped = [seat(1, { busy: 2 ** 31 - 5 }), seat(2, { busy: -(2 ** 31) + 5 })];
    assert.equal(picked("load", wrapped), 1);
  });

  it("is the fastest with speed, until one was not measured for long", () => {
    const seats = [seat(1, { pace: 90 }), seat(2, { pace: 30 }), seat(3, { pace: 50 })];
    assert.equal(picked("speed", seats), 2);
    assert.equal(picked("speed", [...seats, seat(4, { pace: 99, age: 64 })]), 4);
  });
});

describe("promotion in a pool", () => {
  for (const promotion of promotions) {
    for (const when of promotion === "lifo"
      ? (["eager", "barge"] as const)
      : (["on-demand"] as const)) {
      it(`keeps the invariants: ${promotion}, ${when}`, async () => {
        const { pool, end } = await startTracedPool({ threads: 3, promotion, when });
        await Promise.all(
          Array.from({ length: 300 }, (_, payload) =>
            pool.submit({ type: payload % 4 === 0 ? "count" : "echo", payload }),
          ),
        );
        await pool.close();
        const report = analyze(end());
        assert.deepEqual(report.breaches, []);
        assert.equal(report.events.outcomes.completed, 300);
      });
    }
  }

  it("declines where threads hold many turns, and nothing is left undone", async () => {
    const options = { threads: 3, concurrentEvents: 4, promotion: "load" } as const;
    const { pool, end } = await startTracedPool(options);
    await Promise.all(Array.from({ length: 300 }, () => pool.submit({ type: "timer" })));
    await pool.close();
    const report = analyze(end());
    assert.deepEqual(report.breaches, []);
    assert.equal(report.events.outcomes.completed, 300);
  });

  it("is late on purpose: each trace of it breaks I2 and is called by its name", async () => {
    const { pool, end } = await startTracedPool({ threads: 3, when: "late" });
    await Promise.all(
      Array.from({ length: 200 }, () => pool.submit({ type: "spin", payload: 200 })),
    );
    await pool.close();
    const report = analyze(end());
    const late = report.breaches.filter(({ invariant }) => invariant === "I2");
    assert.equal(late.length, 200);
    assert.deepEqual(
      report.breaches.filter(({ invariant }) => invariant !== "I2" && invariant !== "I4"),
      [],
    );
    assert.ok(
      report.findings.some(({ rule }) => rule === "late-promotion"),
      report.findings.map(({ rule }) => rule).join(),
    );
  });

  it("asks a protocol of one's own, and names one that answers nonsense", async () => {
    const warnings: string[] = [];
    const observer = { warning: (text: string) => void warnings.push(text) };
    const highest = { threads: 3, promotion: own("which.mjs"), when: "eager" } as const;
    const pool = await startPool(highest, observer);
    // Thread 3 is preferred as soon as it is idle; how soon that is after the start is open.
    await until("an event on thread 3", async () => {
      return (await pool.submit({ type: "onThread" })) === 3;
    });
    await pool.close();
    assert.deepEqual(warnings, []);

    const options = { threads: 3, promotion: own("which-nonsense.mjs"), when: "eager" } as const;
    const odd = await startPool(options, observer);
    // One at a time: two of the three threads are idle when somebody is to be picked.
    await until("a warning", async () => {
      await odd.submit({ type: "timer" });
      return warnings.length > 0;
    });
    await odd.close();
    assert.match(warnings.join("\n"), /which-nonsense\.mjs answered .*; lifo picks in its place/);
  });

  it("refuses a protocol that can't be loaded or is none", async () => {
    await assert.rejects(
      startPool({ promotion: own("missing.mjs") }),
      /missing\.mjs could not be loaded/,
    );
    await assert.rejects(startPool({ promotion: own("kinds.ts") }), /kinds\.ts/);
  });
});
