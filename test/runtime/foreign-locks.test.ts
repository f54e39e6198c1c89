// Turns of one thread that queue in another library's lock are seen, with the hold that each waits for, in handlers that know
// nothing of Poolscope; and the time between two awaits is told from the time at them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { threadTimes } from "../../src/analysis/thread-time.ts";
import { lockUseOf } from "../../src/analysis/waits.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { startTracedPool } from "../support/traced-pool.ts";

const module = resolve("test/fixtures/handlers/foreign-locks.ts");
const text = readFileSync(module, "utf8").split("\n");
/** From 1. */
const lineWith = (piece: string): number => 1 + text.findIndex((each) => each.includes(piece));

async function traceOf(type: string, events: number): Promise<Trace> {
  const { pool, end } = await startTracedPool({ threads: 1, concurrentEvents: 4 }, module);
  await Promise.all(Array.from({ length: events }, () => pool.submit({ type })));
  await pool.close();
  return end();
}

const cases = [
  ["asyncMutex", "async-mutex", "mutex.runExclusive("],
  ["asyncSema", "async-sema", "sema.acquire("],
  ["awaitSemaphore", "await-semaphore", "other.acquire("],
  ["mutexifies", "mutexify", "await lock("],
  ["limits", "p-limit", "return limit("],
  ...((globalThis as { readonly navigator?: { readonly locks?: object } }).navigator?.locks !==
  undefined
    ? [["webLock", "navigator.locks", "locks.request("] as const]
    : []),
] as const;

describe("a lock of another library", () => {
  for (const [type, library, call] of cases) {
    it(`is seen with its waits, its holds and its lines: ${library}`, async () => {
      const trace = await traceOf(type, 4);
      const foreign = trace.tables.locks.filter(({ kind }) => kind === "foreign");
      assert.equal(foreign.length, 1);
      assert.match(
        foreign[0]?.name ?? "",
        new RegExp(`^${library}.* foreign-locks.ts:|^${library} "`),
      );
      const use = lockUseOf(trace);
      const waits = use.waits.filter(({ lock }) => lock === foreign[0]?.index);
      assert.equal(waits.length, 3, "all but the first of four wait");
      for (const wait of waits) {
        assert.equal(wait.outcome, "acquired");
        assert.equal(trace.tables.sites[wait.site]?.line, lineWith(call));
        for (const { acquisition } of wait.segments) {
          const hold = use.holds.find(
            (each) => each.lock === wait.lock && each.acquisition === acquisition,
          );
          assert.ok(hold !== undefined, "each part of the wait joins a hold");
          assert.notEqual(hold.turn, wait.turn, "of another turn");
          assert.equal(trace.tables.sites[hold.site]?.line, lineWith(call));
        }
      }
      const longest = waits.toSorted((first, second) => first.end - second.end).at(-1);
      const waitedFor = new Set(longest?.segments.map(({ acquisition }) => acquisition));
      assert.equal(waitedFor.size, 3, "the last one waits for three holds");
    });
  }
});

describe("an async handler", () => {
  it("is told computing between its awaits from waiting at them", async () => {
    const trace = await traceOf("compute", 2);
    const [thread] = threadTimes(trace);
    assert.ok(thread !== undefined);
    // What handlers took by the clock, however the OS shares it out.
    const { handler, runQueue, garbageCollection, unexplained } = thread;
    const busy = handler + runQueue + garbageCollection + unexplained;
    assert.ok(busy >= 120e6, `${busy} ns: two times three spins of 20 ms`);
    assert.ok(thread.awaiting + thread.leading > 0, "both turns awaited a timer");
  });
});
