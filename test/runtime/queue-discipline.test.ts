// Which of two waiting events goes first.

import assert from "node:assert/strict";
import {
  classOfDeadline,
  deadline,
  type QueueFront,
} from "../../src/runtime/queue/queue-discipline.ts";

function front(event: number, dueMicros: number): QueueFront {
  return { event, priority: 0, waitedMicros: 0, dueMicros };
}

describe("queue deadline", () => {
  it("takes what is due first, also where the clock wraps, and the older of two that are due at once", () => {
    assert.equal(deadline.before(front(2, 500), front(1, 900)), true);
    assert.equal(deadline.before(front(1, 2 ** 31 - 5), front(2, -(2 ** 31) + 5)), true);
    assert.equal(deadline.before(front(1, 500), front(2, 500)), true);
  });

  it("spreads deadlines over the rings, the tightest in the last", () => {
    const classes = [0.01, 1, 2, 4, 5, 16, 64, 4096, 60_000, 1_800_000].map(classOfDeadline);
    assert.deepEqual(classes, [7, 7, 6, 6, 5, 5, 4, 1, 0, 0]);
  });
});
