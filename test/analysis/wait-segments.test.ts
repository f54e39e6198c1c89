// Whose hold each part of a wait is charged to, when the waiter saw it late or not at all.

import assert from "node:assert/strict";
import { segmentByHolds } from "../../src/analysis/wait-segments.ts";
import type { LockHold, LockWait, WaitSegment } from "../../src/analysis/waits.ts";

const lock = 1;

function hold(thread: number, acquisition: number, start: number, end: number): LockHold {
  return { thread, turn: 1, lock, site: 0, acquisition, mode: 0, start, end };
}

/** Of thread 1, which saw this at the start. */
function waitOf(
  turn: number,
  start: number,
  end: number,
  owner: number,
  acquisition: number,
): LockWait {
  const seen: WaitSegment = { start, end, owner, acquisition };
  return {
    ...{ thread: 1, turn, lock, site: 0, start, end, outcome: "acquired" },
    segments: [seen],
  };
}

/** It waits from 100 to 200. */
function segmentsOf(owner: number, acquisition: number, holds: readonly LockHold[]) {
  const [cut] = segmentByHolds([waitOf(1, 100, 200, owner, acquisition)], holds);
  return cut?.segments.map((segment) => Object.values(segment).join(" "));
}

describe("the segments of a wait", () => {
  it("follow the holds, each until the next begins", () => {
    const holds = [hold(2, 7, 50, 130), hold(3, 8, 140, 190)];
    assert.deepEqual(segmentsOf(2, 7, holds), ["100 140 2 7", "140 200 3 8"]);
  });

  it("begin with the owner that was seen, whose hold is numbered and recorded a moment later", () => {
    const holds = [hold(2, 7, 50, 90), hold(3, 8, 110, 190)];
    assert.deepEqual(segmentsOf(3, 7, holds), ["100 200 3 8"]);
  });

  it("name the hold of the owner that was seen, though the next had its number by then", () => {
    const holds = [hold(3, 7, 50, 90), hold(2, 8, 120, 190)];
    assert.deepEqual(segmentsOf(3, 8, holds), ["100 120 3 7", "120 200 2 8"]);
  });

  it("are not more than can be held, however many waits last through however many holds", () => {
    const many = 6000;
    const holds = Array.from({ length: many }, (_, index) => hold(2, index, index, index + 1));
    const waits = Array.from({ length: many }, (_, turn) => waitOf(turn, 0, many, 2, 0));
    const cut = segmentByHolds(waits, holds);
    const count = cut.reduce((sum, wait) => sum + wait.segments.length, 0);
    assert.ok(count < 2_000_000, `${count} segments`);
    assert.equal(cut[0]?.segments.length, many);
    assert.deepEqual(cut.at(-1), waits.at(-1));
  });

  it("keep what was seen where no hold was recorded", () => {
    assert.deepEqual(segmentsOf(3, 7, []), ["100 200 3 7"]);
  });
});
