// What looks like a fault and is none: for each of these nothing may be found.

import assert from "node:assert/strict";
import type { DrawnRecord } from "../support/draw-trace.ts";
import { findIn, repeat, rulesIn, saturated } from "../support/find-in.ts";

/** As many processors as the pool keeps busy: that it could be larger is not what is asked here. */
const full = { ...saturated, header: { cpuCount: 2 } } as const;

const calm = (times: number): string => "LPLLLLLL".repeat(times);

describe("nothing is found in", () => {
  it("a short busy lock", () => {
    // Taken by every event, waited for now and then for a hundredth of its time.
    const quiet = { roles: "LPPPPPPP".repeat(12), locks: { hot: " h      ".repeat(12) } };
    const waits = ` wh     ${"   h    ".repeat(11)}`;
    const other = { roles: "LPPPPPPP".repeat(12), locks: { hot: waits } };
    assert.deepEqual(rulesIn(repeat(25, [quiet, other]), full), []);
  });

  it("a long lock that nobody wants", () => {
    const drawn = [{ roles: "LPPPPPPP", locks: { own: " hhhhhhh" } }, { roles: "LPPPPPPP" }];
    assert.deepEqual(rulesIn(repeat(30, drawn), full), []);
  });

  it("a burst of waits in an otherwise quiet run", () => {
    const burst = 25;
    const row = (before: string, during: string): string =>
      before.repeat(100) + during.repeat(burst) + before.repeat(300);
    const drawn = [
      { roles: calm(400 + burst), locks: { hot: row("        ", " h      ") } },
      {
        roles: calm(100) + "LPPLLLLL".repeat(burst) + calm(300),
        locks: { hot: row("        ", " wh     ") },
      },
    ];
    assert.deepEqual(rulesIn(drawn, { queued: 0, column: 1e6 }), []);
  });

  it("an idle pool", () => {
    const drawn = [{ roles: `LP${"L".repeat(500)}` }, { roles: "F".repeat(502) }];
    assert.deepEqual(rulesIn(drawn, { column: 1e6 }), []);
  });

  it("more threads than processors", () => {
    // Four threads share two processors: half of their time they are ready and not running.
    const drawn = repeat(
      30,
      Array.from({ length: 4 }, () => ({ roles: "LPPPPPPP" })),
    );
    const samples = drawn.flatMap((_, index): DrawnRecord[] =>
      Array.from({ length: 24 }, (__, at) => ({
        ...{ thread: index + 1, micros: 10 * (at + 1), kind: "osSampled" },
        ...{ a: 5000, b: 5000 },
      })),
    );
    assert.deepEqual(rulesIn(drawn, { ...full, extra: samples }), []);
  });

  it("threads that lifo promotion leaves idle", () => {
    const drawn = [
      { roles: "LPPP".repeat(100) },
      { roles: "F".repeat(400) },
      { roles: "F".repeat(400) },
    ];
    assert.deepEqual(rulesIn(drawn, { queued: 0, column: 1e6 }), []);
  });

  it("synchronous calls in synchronous handlers while other threads are free", () => {
    const drawn = [
      { roles: "LPPPPPPP", calls: { readFileSync: " cccccc " } },
      { roles: "LPPPLLLL", calls: { readFileSync: " c      " } },
    ];
    assert.deepEqual(rulesIn(repeat(30, drawn), { queued: 0, column: 1e6 }), []);
  });

  it("barging: who comes later goes first, and little is lost by it", () => {
    const drawn = [
      { roles: "LPPPPPPP", locks: { hot: " hhh    " } },
      { roles: "LPPPPPPP", locks: { hot: "    hh  " } },
    ];
    // One in thirty waits, and is passed by the other thread.
    const passed = drawn.map(({ roles, locks }) => ({ roles, locks }));
    assert.deepEqual(rulesIn(repeat(30, passed), full), []);
  });

  it("async handlers that await much while there is room for more", () => {
    const drawn = repeat(30, [
      { roles: "LPPPPPPP", awaits: "  sssss " },
      { roles: "LPPPPPPP", awaits: "  sssss " },
    ]);
    const header = { cpuCount: 2, configuration: { concurrentEvents: 16 } };
    assert.deepEqual(rulesIn(drawn, { ...saturated, header }), []);
  });

  it("anything that costs less than recording did", () => {
    const drawn = repeat(30, [
      { roles: "LPPPPPPP", locks: { hot: " hhhh   " } },
      { roles: "LPPPPPPP", locks: { hot: " wwwwhhh" } },
    ]);
    assert.equal(findIn(drawn, saturated).length, 1);
    const header = { nanosPerEvent: 1e6 };
    assert.deepEqual(rulesIn(drawn, { ...saturated, header }), []);
  });

  it("a run with a few refused events, a failure and a heap that fills up once", () => {
    const extra: DrawnRecord[] = [
      { thread: 1, micros: 3, turn: 1, kind: "handlerFailed", a: 1, c: 1 },
      ...Array.from({ length: 5 }, (_, index): DrawnRecord => ({
        ...{ thread: 0, micros: index, kind: "eventShed", a: 10_000 + index },
      })),
      ...Array.from({ length: 60 }, (_, index): DrawnRecord => ({
        ...{ thread: 1, micros: 4 * index, kind: "heapSampled" },
        ...{ a: 40_000 + 1000 * (index % 15), b: 4_000_000 },
      })),
    ];
    const drawn = repeat(30, [{ roles: "LPPPPPPP" }, { roles: "LPPPPPPP" }]);
    assert.deepEqual(rulesIn(drawn, { ...full, extra, strings: ["Error: once"] }), []);
  });
});
