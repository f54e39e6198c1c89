// From a drawn trace to what the page draws: lanes, tiles at every level of detail, and their way over the wire.

import assert from "node:assert/strict";
import fc from "fast-check";
import { sliceAt, neighbourOf } from "../../src/presentation/timeline/slice-at.ts";
import { rangeFigures } from "../../src/presentation/timeline/range-figures.ts";
import { tileOf } from "../../src/presentation/timeline/tile.ts";
import { timelineOf, type Timeline } from "../../src/presentation/timeline/timeline.ts";
import { decodeTile, encodeTile } from "../../src/protocol/tile-codec.ts";
import { bucketNanos, sliceStates, type SliceColumns } from "../../src/protocol/timeline.ts";
import { drawTrace } from "../support/draw-trace.ts";

const done = { revision: 1, running: false };

const drawn = (): Timeline =>
  timelineOf(
    drawTrace([
      { roles: "LLPPPPPPLL", locks: { hot: "   hhhh   " } },
      { roles: "FFLPPPPPPF", locks: { hot: "    wwwhh " } },
    ]),
  );

const listed = (slices: SliceColumns): string[] =>
  Array.from(
    { length: slices.length },
    (_, index) =>
      `${sliceStates[slices.state[index] ?? 0]} ${(slices.start[index] ?? 0) / 1000}-${(slices.end[index] ?? 0) / 1000}`,
  );

describe("timeline", () => {
  it("has a state row whose slices never overlap, and what lies under it", () => {
    const [first, second] = drawn().lanes;
    assert.deepEqual(listed(first?.state ?? empty), ["leading 0-2", "handler 2-8", "leading 8-10"]);
    assert.deepEqual(listed(first?.under ?? empty), ["lockHeld 3-7"]);
    assert.deepEqual(listed(second?.state ?? empty), [
      "leading 2-3",
      "handler 3-4",
      "lockWait 4-7",
      "handler 7-9",
    ]);
  });

  it("shows waits for a condition and for a barrier as it shows those for a lock", () => {
    const inTurn = { thread: 1, turn: 1, a: 0, b: 1 } as const;
    const { lanes } = timelineOf(
      drawTrace([{ roles: "LPPPPPPPPP", locks: { ready: "" } }], {
        extra: [
          { ...inTurn, micros: 2, kind: "conditionWaitStarted" },
          { ...inTurn, micros: 4, kind: "conditionWaitEnded" },
          { ...inTurn, micros: 5, kind: "barrierWaitStarted" },
          { ...inTurn, micros: 8, kind: "barrierWaitEnded" },
        ],
      }),
    );
    const waits = listed(lanes[0]?.state ?? empty).filter((slice) => slice.startsWith("lockWait"));
    assert.deepEqual(waits, ["lockWait 2-4", "lockWait 5-8"]);
  });

  it("finds what is at a place, and the next of its kind", () => {
    const timeline = drawn();
    const place = { lane: 1, time: 5000, row: "state" } as const;
    const wait = sliceAt(timeline, place);
    assert.deepEqual(
      [wait?.state, wait?.start, wait?.end, wait?.event],
      ["lockWait", 4000, 7000, 2],
    );
    const handler = neighbourOf(timeline, { ...place, time: 3500 }, "next");
    assert.deepEqual([handler?.state, handler?.start], ["handler", 7000]);
    assert.equal(sliceAt(timeline, { ...place, time: 500 }), undefined, "a follower has no slice");
  });

  it("goes on from a gap to the very next slice", () => {
    const next = neighbourOf(drawn(), { lane: 1, time: 500, row: "state" }, "next");
    assert.deepEqual([next?.state, next?.start], ["leading", 2000]);
  });

  it("keeps a long slice however many begin after it", () => {
    const roles = "LP".repeat(300);
    const hold = { thread: 1, a: 0, d: 1 } as const;
    const timeline = timelineOf(
      drawTrace([{ roles, locks: { other: `${" ".repeat(3)}${"h ".repeat(290)}` } }], {
        extra: [
          { ...hold, a: 1, micros: 0, kind: "lockAcquired" },
          { ...hold, a: 1, micros: 590, kind: "lockReleased" },
        ],
      }),
    );
    const tile = tileOf(timeline, 0, 1, done);
    assert.equal(tile.lanes[0]?.kind, "slices");
    assert.ok(listed(tile.lanes[0].slices).includes("lockHeld 0-590"));
  });

  it("ends with a thread what that thread was in, and begins anew with its successor", () => {
    const timeline = timelineOf(
      drawTrace([{ roles: "LPPPP     FLPP", locks: { hot: "  ww          " } }], {
        without: ({ kind, micros }) =>
          micros >= 4 && micros < 10 && ["lockWaitEnded", "handlerEnded", "settled"].includes(kind),
        extra: [
          { thread: 0, micros: 5, kind: "threadCrashed", small: 1 },
          { thread: 1, micros: 9, kind: "threadStarted" },
        ],
      }),
    );
    assert.deepEqual(listed(timeline.lanes[0]?.state ?? empty), [
      "leading 0-1",
      "handler 1-2",
      "lockWait 2-5",
      "leading 11-12",
      "handler 12-14",
    ]);
  });

  it("shows the handler that runs while another turn of the thread waits", () => {
    const turn = { thread: 1, a: 0 } as const;
    const timeline = timelineOf(
      drawTrace([{ roles: "LPPPPPPPPP" }], {
        extra: [
          { ...turn, micros: 2, turn: 1, kind: "handlerSuspended", a: 1 },
          { ...turn, micros: 2, turn: 1, kind: "lockWaitStarted" },
          { ...turn, micros: 4, turn: 9, kind: "handlerStarted", a: 9 },
          { ...turn, micros: 6, turn: 9, kind: "handlerEnded", a: 9 },
        ],
      }),
    );
    assert.ok(listed(timeline.lanes[0]?.state ?? empty).includes("handler 4-6"));
  });

  it("counts what a range holds", () => {
    const { sentence, rows } = rangeFigures(drawn(), 4000, 8000);
    assert.match(sentence, /^4\.0 µs: 0 events settled$/);
    const waiting = rows.find(({ label }) => label === "waiting for locks");
    assert.equal(waiting?.value, "38 %");
  });
});

describe("tiles", () => {
  it("hold exact slices where they can be told apart", () => {
    const tile = tileOf(drawn(), 0, 0, done);
    const [lane] = tile.lanes;
    assert.equal(lane?.kind, "slices");
    assert.deepEqual(listed(lane.slices).at(-1), "lockHeld 3-7");
    assert.equal(tile.whole, true);
  });

  it("are whole only once the run is over: a hold is written when it ends", () => {
    assert.equal(tileOf(drawn(), 0, 0, { revision: 1, running: true }).whole, false);
  });

  it("hold how much each state covers where there are too many, true to the exact sums", () => {
    const timeline = timelineOf(drawTrace([{ roles: "LPLPP".repeat(4000) }]));
    const level = 3;
    const tile = tileOf(timeline, level, 0, done);
    const [lane] = tile.lanes;
    assert.equal(lane?.kind, "coverage");
    const bucket = bucketNanos(level);
    for (const number of [0, 100, 255]) {
      const share = (state: number): number =>
        (lane.coverage[number * sliceStates.length + state] ?? 0) / 255;
      assert.ok(Math.abs(share(0) - 0.4) < 3000 / bucket, `leading ${share(0)}`);
      assert.ok(Math.abs(share(1) - 0.6) < 3000 / bucket, `handler ${share(1)}`);
    }
  });

  it("are below 150 KB whatever the zoom, for 32 lanes", () => {
    const busy = timelineOf(
      drawTrace(Array.from({ length: 32 }, () => ({ roles: "LPLPP".repeat(200) }))),
    );
    for (let level = 0; level < 8; level++) {
      assert.ok(encodeTile(tileOf(busy, level, 0, done)).length < 150_000, `level ${level}`);
    }
  });

  it("come out of their bytes as they went in", () => {
    for (const level of [0, 3]) {
      const tile = tileOf(drawn(), level, 0, done);
      assert.deepEqual(decodeTile(encodeTile(tile)), tile);
      const shifted = new Uint8Array(encodeTile(tile).length + 3);
      shifted.set(encodeTile(tile), 3);
      assert.deepEqual(decodeTile(shifted.subarray(3)), tile, "from any offset");
      const pooled = Buffer.from(shifted).subarray(3);
      assert.deepEqual(decodeTile(pooled), tile, "from a Buffer too");
    }
  });

  it("are refused, not thrown on, when the bytes are none", () => {
    const good = encodeTile(tileOf(drawn(), 0, 0, done));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bad = good.slice(0, length);
        bad[at] = byte;
        decodeTile(bad);
      }),
    );
    assert.equal(decodeTile(new Uint8Array(64)), undefined);
  });
});

const empty: SliceColumns = {
  length: 0,
  start: new Float64Array(0),
  end: new Float64Array(0),
  state: new Uint8Array(0),
  name: new Int32Array(0),
  event: new Int32Array(0),
};
