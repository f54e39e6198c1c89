// The sleep protocol, seen through the one object by which threads block and wake each other.

import assert from "node:assert/strict";
import { appointFollower } from "../../src/runtime/promotion/call-follower.ts";
import {
  leaderOf,
  loadLeadership,
  setIdle,
  wakeSeat,
} from "../../src/runtime/promotion/leadership.ts";
import { createPoolMemory } from "../../src/runtime/memory/pool-memory.ts";
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
      assert.equal(appointFollower(words, 0, protocol, () => true)[0]?.seat, expected);
      assert.equal(leaderOf(loadLeadership(words, 0)), expected);
      assert.deepEqual(
        appointFollower(words, 0, protocol, () => true),
        [],
        "one leader at most",
      );
    }
  });

  it("appoints nobody when it is not wanted or nobody is idle", () => {
    const words = memory();
    assert.deepEqual(
      appointFollower(words, 0, lifo, () => true),
      [],
    );
    setIdle(words, 1);
    assert.deepEqual(
      appointFollower(words, 0, lifo, () => false),
      [],
    );
  });

  it("wakes one thread a promotion, with all of its waits, after the word has changed", () => {
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
    assert.deepEqual(notified, [Infinity, 1]);
  });
});
