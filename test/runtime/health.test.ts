// What a pool tells of itself while it runs.

import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { bucketOf, logBuckets, middleOf } from "../../src/base/log-buckets.ts";
import { called, came, handOffFigures } from "../../src/runtime/health/hand-off.ts";
import { createPoolMemory } from "../../src/runtime/memory/pool-memory.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

describe("health", () => {
  it("has figures of the threads, the queue, the outcomes, the hand-offs and the losses", async () => {
    const pool = await startPool({ threads: 2, spareThreads: 1 });
    const lost: unknown[] = [];
    const hear = (message: unknown): void => void lost.push(message);
    subscribe("poolscope:thread-lost", hear);
    await assert.rejects(pool.submit({ type: "die" }));
    let events = 1;
    // A thread that comes late, in place of the dead one, finds the lead free: nobody has to hand it over.
    await until("a hand-off", async () => {
      await Promise.all(Array.from({ length: 10 }, () => pool.submit({ type: "linger" })));
      events += 10;
      const { count, worstMicros } = pool.stats().handOff;
      return count > 0 && worstMicros > 0;
    });
    unsubscribe("poolscope:thread-lost", hear);
    const { threads, queue, counts, utilisation, handOff, lost: count } = pool.stats();
    assert.equal(threads.wanted, 2);
    assert.deepEqual([queue.depth, queue.delayMillis], [0, 0]);
    assert.deepEqual([counts.submitted, counts.settled, counts.failed], [events, events, 1]);
    assert.ok(handOff.worstMicros >= handOff.meanMicros);
    const { p50Micros, p99Micros, worstMicros } = handOff;
    assert.ok(0 < p50Micros && p50Micros <= p99Micros && p99Micros <= worstMicros);
    const { leading, processing, following } = utilisation;
    assert.ok(Math.abs(leading + processing + following - 1) < 1e-9);
    assert.equal(count, 1);
    assert.equal(lost.length, 1);
    await pool.close();
    assert.deepEqual(pool.stats().state, { kind: "closed" });
  });

  it("knows how long half and 99 % of the hand-offs took, over all seats", () => {
    const memory = createPoolMemory({ seats: 2, capacity: 2, sharedBytes: 64, payloadBytes: 64 });
    assert.equal(handOffFigures(memory).p99Micros, 0);
    for (let micros = 1; micros <= 1000; micros++) {
      const seat = 1 + (micros % 2);
      called(memory, seat, 2_000_001);
      came(memory, seat, () => 2_000_001 + micros);
    }
    const { count, p50Micros, p99Micros, worstMicros } = handOffFigures(memory);
    assert.deepEqual([count, worstMicros], [1000, 1000]);
    assert.ok(Math.abs(p50Micros / 500 - 1) <= 1 / 8, `${p50Micros}`);
    assert.ok(Math.abs(p99Micros / 990 - 1) <= 1 / 8, `${p99Micros}`);
  });

  it("counts in buckets that are off by an eighth at most", () => {
    for (let number = 0; number < 2 ** 31; number += 1 + (number >>> 6)) {
      const middle = middleOf(bucketOf(number));
      assert.ok(Math.abs(middle - number) <= number / 8, `${number} is read as ${middle}`);
    }
    assert.ok(bucketOf(2 ** 31 - 1) < logBuckets);
  });

  it("is OpenMetrics text at the local endpoint that was asked for", async () => {
    const pool = await startPool({ threads: 1, metrics: { port: 0 } });
    await pool.submit({ type: "echo" });
    const answer = await fetch(`http://127.0.0.1:${pool.metricsPort}/metrics`);
    const text = await answer.text();
    assert.match(answer.headers.get("content-type") ?? "", /openmetrics-text; version=1\.0\.0/);
    assert.match(text, /^poolscope_events_total\{outcome="completed"\} 1$/m);
    assert.match(text, /^poolscope_hand_off_seconds\{quantile="0\.99"\} [\d.e-]+$/m);
    assert.match(text, /^poolscope_state\{state="running"\} 1$/m);
    assert.ok(text.endsWith("# EOF\n"));
    assert.equal((await fetch(`http://127.0.0.1:${pool.metricsPort}/`)).status, 404);
    await pool.close();
    await assert.rejects(fetch(`http://127.0.0.1:${pool.metricsPort}/metrics`));
    await assert.rejects(startPool({ metrics: { port: -1 } }), /metrics\.port: -1 is not allowed/);
  });
});
