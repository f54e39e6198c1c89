// What a pool writes down of things that go wrong in handlers.

import assert from "node:assert/strict";
import { codeOf, type EventKind } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { startTracedPool } from "../support/traced-pool.ts";

function recorded(trace: Trace, kind: EventKind): number {
  return trace.threads.reduce((sum, { events }) => {
    const codes = events.code.subarray(0, events.length);
    return sum + codes.filter((code) => code === codeOf(kind)).length;
  }, 0);
}

describe("the recording", () => {
  it("has a guard that a handler left held, and the lock is free again", async () => {
    const { pool, end } = await startTracedPool({ threads: 2 });
    await pool.submit({ type: "leaveHeld" });
    await pool.submit({ type: "leaveHeld" });
    await pool.close();
    assert.equal(recorded(end(), "guardLeftHeld"), 2);
  });

  it("has the outcome of an event whose thread died", async () => {
    const { pool, end } = await startTracedPool({ threads: 2 });
    await assert.rejects(pool.submit({ type: "die" }));
    await pool.close();
    const trace = end();
    assert.equal(recorded(trace, "threadCrashed"), 1);
    assert.equal(recorded(trace, "settled"), 1);
  });

  it("has a second run as one", async () => {
    const { pool, end } = await startTracedPool({ threads: 2, retries: 1 });
    assert.equal(await pool.submit({ type: "dieOnce" }), "second run");
    await pool.close();
    const trace = end();
    assert.deepEqual([recorded(trace, "retried"), recorded(trace, "settled")], [1, 1]);
  });

  it("has garbage collections of the threads", async () => {
    const { pool, end } = await startTracedPool({ threads: 1 });
    await pool.submit({ type: "litter" });
    await pool.close();
    assert.ok(recorded(end(), "garbageCollected") > 0);
  });
});
