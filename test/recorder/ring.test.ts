// A ring tells exactly what it lost, and never hands out a torn event.

import assert from "node:assert/strict";
import { drainRing } from "../../src/recorder/drain-ring.ts";
import { makeRecorder } from "../../src/recorder/ring-recorder.ts";
import { openRing, recordingRing } from "../../src/recorder/ring.ts";
import { codeOf } from "../../src/trace/event-kind.ts";
import { makeBatch } from "../../src/trace/event-batch.ts";

const mark = codeOf("mark");

function ringOf(events: number, write: number) {
  const buffer = recordingRing(events);
  let now = 0n;
  const recorder = makeRecorder("all", buffer, () => ++now);
  for (let event = 0; event < write; event++) recorder.record(mark, event, 7, event, 1, 2, 3);
  return { ring: openRing(buffer), recorder };
}

describe("recording ring", () => {
  it("hands out what was written, in order", () => {
    const batch = makeBatch(64);
    const { ring } = ringOf(16, 10);
    assert.deepEqual(drainRing(ring, 0, batch, 0n), { read: 10, dropped: 0 });
    assert.deepEqual([...batch.a.subarray(0, 10)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual([...batch.time.subarray(0, 3)], [1, 2, 3]);
    assert.equal(batch.small[0], 7);
  });

  it("counts what was overwritten before it was read", () => {
    const batch = makeBatch(64);
    const { ring } = ringOf(16, 100);
    const { read, dropped } = drainRing(ring, 0, batch, 0n);
    assert.equal(read, 100);
    // One more than the ring lacks: the producer may be writing over the oldest at this moment.
    assert.equal(dropped, 85);
    assert.equal(dropped + batch.length, 100);
    assert.equal(batch.a[0], 85);
  });

  it("stops at a full batch and goes on from there", () => {
    const { ring } = ringOf(16, 12);
    const small = makeBatch(8);
    assert.deepEqual(drainRing(ring, 0, small, 0n), { read: 8, dropped: 0 });
    small.length = 0;
    assert.deepEqual(drainRing(ring, 8, small, 0n), { read: 12, dropped: 0 });
    assert.equal(small.a[0], 8);
  });

  it("records nothing at level off", () => {
    const buffer = recordingRing(16);
    makeRecorder("off", buffer, () => 1n).record(mark, 0, 0, 0, 0, 0, 0);
    assert.equal(openRing(buffer).head[0], 0);
  });
});
