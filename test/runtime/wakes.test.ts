// The sleep protocol, seen through the one object by which threads block and wake each other.

import assert from "node:assert/strict";
import {
  appointFollower,
  leaderOf,
  loadLeadership,
  setIdle,
  wakeSeat,
} from "../../src/runtime/leadership.ts";
import { createPoolMemory } from "../../src/runtime/pool-memory.ts";
import { fifo } from "../../src/runtime/promotion/fifo.ts";
import { lifo } from "../../src/runtime/promotion/lifo.ts";
import { replaceWaits } from "../../src/sync/waits.ts";

const memory = () => createPoolMemory({ seats: 3, capacity: 2, sharedBytes: 64, payloadBytes: 64 });

describe("promotion", () => {
  afterEach(() => replaceWaits(undefined));

  it("appoints the follower that its protocol prefers, one at a time", () => {
    for (const { protocol, expected } of [
      { protocol: lifo, expected: 1 },
      { protocol: fifo, expected: 3 },
    ]) {
      const words = memory();
      for (const seat of [3, 2, 1]) setIdle(words, seat);
      assert.equal(appointFollower(words, protocol, () => true)?.seat, expected);
      assert.equal(leaderOf(loadLeadership(words)), expected);
      assert.equal(
        appointFollower(words, protocol, () => true),
        undefined,
        "one leader at most",
      );
    }
  });

  it("appoints nobody when it is not wanted or nobody is idle", () => {
    const words = memory();
    assert.equal(
      appointFollower(words, lifo, () => true),
      undefined,
    );
    setIdle(words, 1);
    assert.equal(
      appointFollower(words, lifo, () => false),
      undefined,
    );
  });

  it("wakes one thread a promotion, after the word has changed", () => {
    const words = memory();
    const notified: number[] = [];
    replaceWaits({
      wait: () => "ok",
      waitAsync: () => "ok",
      notify: (shared, index, count) => {
        notified.push(count, shared[index] ?? 0);
        return 1;
      },
    });
    wakeSeat(words, 2);
    assert.deepEqual(notified, [1, 1]);
  });
});
