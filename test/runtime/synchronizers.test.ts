// The synchronizers as handlers use them, on the threads of a real pool, and what of them is recorded.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { codeOf, type EventKind } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { turnWaits } from "../../src/analysis/turn-waits.ts";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";

const module = resolve("test/fixtures/handlers/synchronizers.ts");

function recorded(trace: Trace, kind: EventKind, small?: number): number {
  return trace.threads.reduce((sum, { events }) => {
    for (let at = 0; at < events.length; at++) {
      if (events.code[at] !== codeOf(kind)) continue;
      if (small === undefined || events.small[at] === small) sum++;
    }
    return sum;
  }, 0);
}

describe("synchronizers in a pool", () => {
  it("lose no addition, whether handlers block or await", async () => {
    const pool = await startPool({ threads: 4 }, {}, module);
    const types = ["fair", "fairAsync", "write", "read", "permit", "stripe"];
    const results = await Promise.all(
      Array.from({ length: 360 }, (_, index) => {
        const type = types[index % types.length] ?? "";
        return pool.submit({ type, payload: index });
      }),
    );
    assert.ok(
      results.every((result) => result !== false),
      "a reader saw a writer's work half done",
    );
    assert.ok(results.every((result) => typeof result !== "number" || result <= 2));
    const cells = (await pool.submit({ type: "look" })) as number[];
    assert.deepEqual(cells.slice(0, 3), [120, 60, 60]);
    assert.equal(
      cells.slice(8, 16).reduce((sum, each) => sum + each),
      60,
    );
    await pool.close();
  });

  it("wake a turn for each notify, and let parties meet", async () => {
    const pool = await startPool({ threads: 4, concurrentEvents: 2 }, {}, module);
    const taken = Array.from({ length: 3 }, (_, index) =>
      pool.submit({ type: "take", payload: index }),
    );
    for (let put = 0; put < 3; put++) await pool.submit({ type: "put" });
    await Promise.all(taken);
    const meetings = await Promise.all([
      pool.submit({ type: "meet" }),
      pool.submit({ type: "meet" }),
    ]);
    assert.deepEqual(meetings.sort(), [false, true]);
    await pool.close();
  });

  it("go on after readers and writers have died", async () => {
    const pool = await startPool({ threads: 3 }, {}, module);
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => {
        const type = index % 20 === 5 ? "die" : index % 2 === 0 ? "write" : "read";
        return pool.submit({ type, payload: index >> 1 });
      }),
    );
    assert.equal(results.filter(({ status }) => status === "rejected").length, 3);
    await pool.submit({ type: "write" });
    await pool.close();
  });

  it("are recorded: holds with their mode, conditions, barriers", async () => {
    const { pool, end } = await startTracedPool({ threads: 2 }, module);
    const pairs = ["write", "read", "permit", "meet"].flatMap((type) => [type, type]);
    await Promise.all(pairs.map((type) => pool.submit({ type, payload: 0 })));
    await Promise.all([pool.submit({ type: "take", payload: 0 }), pool.submit({ type: "put" })]);
    await pool.close();
    const trace = end();
    assert.ok(recorded(trace, "lockAcquired", 0) >= 2, "exclusive holds");
    assert.ok(recorded(trace, "lockAcquired", 1) >= 2, "shared holds");
    assert.equal(recorded(trace, "semaphoreChanged"), 4);
    assert.equal(recorded(trace, "barrierTripped"), 1);
    assert.equal(recorded(trace, "barrierArrived"), 2);
    assert.equal(recorded(trace, "conditionNotified"), 1);
    // All but the last party wait, and nobody's wait is left open.
    const waits = turnWaits(trace);
    assert.equal(waits.filter(({ kind }) => kind === "barrier").length, 1);
    assert.ok(waits.every(({ outcome }) => outcome === "acquired"));
  });
});
