// The trace against what handlers measured themselves. Whatever the machine does meanwhile, a recorded moment lies between the
// two that the handler took around it, and the parts of a thread's time add up. How close they are is `bench -- truth`.

import assert from "node:assert/strict";
import { threadTimes } from "../../src/analysis/thread-time.ts";
import { kindOf } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { startTracedPool } from "../support/traced-pool.ts";
import { inTrace, knownHolds, truthModule, turnsOf } from "./known-holds.ts";

function between(early: number, moment: number, late: number, what: string): void {
  assert.ok(early <= moment && moment <= late, `${what}: ${early} <= ${moment} <= ${late}`);
}

describe("a trace, held against known times", () => {
  it("has each wait and hold between the moments around it, each wait joined to the holds it waited for", async () => {
    const { known } = await knownHolds(3, 60);
    const byAcquisition = new Map(known.map((each) => [each.hold.acquisition, each]));
    assert.equal(byAcquisition.size, 60, "each hold has a number of its own");
    for (const { asking, got, releasing, released, hold, wait } of known) {
      between(asking, hold.start, got, "a hold's start");
      between(releasing, hold.end, released, "a hold's end");
      if (wait === undefined) continue;
      between(asking, wait.start, got, "a wait's start");
      between(wait.start, wait.end, hold.start, "a wait's end");
      assert.equal(wait.outcome, "acquired");
      const { segments } = wait;
      assert.equal(segments[0]?.start, wait.start);
      assert.equal(segments.at(-1)?.end, wait.end);
      for (const [index, segment] of segments.entries()) {
        assert.equal(segment.end, segments[index + 1]?.start ?? wait.end, "no gap in a wait");
        const culprit = byAcquisition.get(segment.acquisition);
        assert.ok(culprit !== undefined, "a wait is for a hold that was");
        assert.equal(culprit.hold.thread, segment.owner);
        assert.ok(culprit.asking <= segment.end, "that had begun when the wait for it ended");
        if (culprit.released >= segment.start) continue;
        // Between two holds: the wait is charged to the one that ended.
        const during = known.find(
          (each) => each.hold.start < segment.end && each.hold.end > segment.start,
        );
        assert.equal(during, undefined, "nobody else held the lock meanwhile");
      }
    }
    assert.ok(
      known.some(({ wait }) => wait !== undefined),
      "somebody waited",
    );
  });

  it("never has two holds of one lock at once", async () => {
    const { known } = await knownHolds(3, 60);
    const holds = known.map(({ hold }) => hold).toSorted((a, b) => a.start - b.start);
    for (const [index, hold] of holds.entries()) {
      const next = holds[index + 1];
      if (next !== undefined)
        assert.ok(hold.end <= next.start, "a hold ends before the next begins");
    }
  });

  it("has parts of each thread's time that add up to it, none of them negative", async () => {
    const { trace } = await knownHolds(3, 60);
    const times = threadTimes(trace);
    assert.equal(times.length, 3);
    for (const { thread: _thread, name: _name, events: _events, wall, ...parts } of times) {
      const values = Object.values(parts);
      assert.ok(Math.abs(values.reduce((sum, part) => sum + part, 0) - wall) < 1);
      for (const part of values) assert.ok(part >= 0);
      assert.ok(wall > 0);
    }
  });

  it("has an async turn running in its handler, and suspended in what it awaits", async () => {
    const { pool, end } = await startTracedPool({ threads: 1, concurrentEvents: 3 }, truthModule);
    const told = (await Promise.all(
      Array.from({ length: 6 }, () => pool.submit({ type: "awaiting", payload: { micros: 300 } })),
    )) as readonly ToldAwaiting[];
    await pool.close();
    const trace = end();
    const turns = turnsOf(trace);
    for (const { event, running, suspended } of told) {
      const turn = turns.get(event) ?? 0;
      for (const moment of running) {
        assert.equal(isRunning(trace, turn, inTrace(trace, moment)), true, "in its own code");
      }
      for (const moment of suspended) {
        assert.equal(isRunning(trace, turn, inTrace(trace, moment)), false, "while it awaits");
      }
    }
  });
});

interface ToldAwaiting {
  readonly event: number;
  readonly running: readonly string[];
  readonly suspended: readonly string[];
}

/** By the turn's last change up to the moment. */
function isRunning(trace: Trace, turn: number, moment: number): boolean {
  let runs = false;
  const { events } = trace.threads[1] ?? assert.fail("thread 1 has events");
  for (let index = 0; index < events.length && (events.time[index] ?? 0) <= moment; index++) {
    if (events.turn[index] !== turn) continue;
    const kind = kindOf(events.code[index] ?? 0);
    if (kind === "handlerStarted" || kind === "handlerResumed") runs = true;
    if (kind === "handlerSuspended" || kind === "handlerEnded") runs = false;
  }
  return runs;
}
