// The analysis on drawn traces: what a person can see in the drawing must stand in the report.

import assert from "node:assert/strict";
import { analyze } from "../../src/analysis/analyze.ts";
import type { Report } from "../../src/analysis/report.ts";
import { roleCode } from "../../src/trace/role.ts";
import {
  drawTrace,
  type DrawnRecord,
  type DrawnThread,
  type DrawOptions,
} from "../support/draw-trace.ts";
import { testHeader } from "../support/test-header.ts";

const report = (drawn: readonly DrawnThread[], options?: DrawOptions): Report =>
  analyze(drawTrace(drawn, options));

const breaches = (drawn: readonly DrawnThread[], options?: DrawOptions): string[] =>
  report(drawn, options).breaches.map(({ invariant }) => invariant);

describe("time of a thread", () => {
  it("is cut into parts that add up to its wall time", () => {
    const { threads } = report([
      { roles: "LLPPPPPPFFLL", locks: { hot: "   wwh      " } },
      { roles: "FFLLPPPPFFFF" },
    ]);
    const [first] = threads;
    assert.ok(first !== undefined);
    assert.deepEqual(
      [first.leading, first.handler, first.lockWait, first.following, first.wall],
      [4000, 4000, 2000, 2000, 12_000],
    );
    for (const thread of threads) {
      const { thread: _, name: __, wall, events: ___, ...parts } = thread;
      assert.equal(
        Object.values(parts).reduce((sum, part) => sum + part, 0),
        wall,
      );
    }
  });

  it("is waiting where a turn waits for a condition or for a barrier's other parties", () => {
    const inTurn = { thread: 1, turn: 1, a: 0, b: 1 } as const;
    const { threads, latency } = report([{ roles: "LPPPPPPPPP", locks: { ready: "" } }], {
      extra: [
        { ...inTurn, micros: 2, kind: "conditionWaitStarted" },
        { ...inTurn, micros: 4, kind: "conditionWaitEnded", small: 1 },
        { ...inTurn, micros: 5, kind: "barrierWaitStarted" },
        { ...inTurn, micros: 8, kind: "barrierWaitEnded" },
      ],
    });
    assert.deepEqual([threads[0]?.lockWait, threads[0]?.handler], [5000, 4000]);
    assert.equal(latency[0]?.lockWait.max, 5000);
  });

  it("calls the pool's own work by its name, and leaves nothing unexplained", () => {
    const early = { thread: 1, micros: 4, kind: "handlerEnded", turn: 1, a: 1 } as const;
    const [thread] = report([{ roles: "LLPPPPPPLL" }], {
      extra: [early],
      without: ({ kind }) => kind === "handlerEnded",
    }).threads;
    assert.equal(thread?.handler, 2000);
    assert.equal(thread?.runtime, 4000);
    assert.equal(thread?.unexplained, 0);
  });

  it("tells waiting for a processor by what the OS counted, and never more than it", () => {
    const sampled = { thread: 1, micros: 10, kind: "osSampled", a: 3, b: 100 } as const;
    const [thread] = report([{ roles: "LLPPPPPPLL" }], { extra: [sampled] }).threads;
    assert.equal(thread?.runQueue, 3000);
    assert.equal(thread?.handler, 3000);
    assert.equal(thread?.unexplained, 0);
  });

  it("leaves unexplained what a handler neither computed nor waited to compute, up to the last sample", () => {
    const sampled = { thread: 1, micros: 6, kind: "osSampled", a: 1, b: 1 } as const;
    const [thread] = report([{ roles: "LLPPPPPPLL" }], { extra: [sampled] }).threads;
    assert.deepEqual(
      [thread?.handler, thread?.runQueue, thread?.unexplained],
      [3000, 1000, 2000],
      "4 us of the handler had passed then",
    );
  });

  it("is outside of the pool before it joins and after it leaves, and nowhere once it has stopped", () => {
    const thread = 1;
    const [time] = report([{ roles: "   LLPPPP   " }], {
      extra: [
        { thread, micros: 1, kind: "threadStarted" },
        { thread, micros: 10, kind: "threadStopped" },
      ],
    }).threads;
    assert.deepEqual([time?.outside, time?.unexplained, time?.wall], [3000, 0, 9000]);
  });

  it("is none from a thread's death until another has its seat", () => {
    const [time] = report([{ roles: "LLPPPPPPPPPPLL" }], {
      without: ({ kind, micros }) => /^(?:handlerEnded|settled)$/.test(kind) || micros > 11,
      extra: [
        { thread: 0, micros: 6, kind: "threadCrashed", small: 1 },
        { thread: 1, micros: 10, kind: "threadStarted" },
        { thread: 1, micros: 11, kind: "roleChanged", small: roleCode.follower },
      ],
    }).threads;
    assert.deepEqual(
      [time?.handler, time?.outside, time?.following, time?.wall],
      [4000, 1000, 3000, 10_000],
    );
  });
});

describe("contention", () => {
  const convoy: readonly DrawnThread[] = [
    { roles: "LPPPPPPPPPLL", locks: { hot: " hhhhh      " } },
    { roles: "FLPPPPPPPPFF", locks: { hot: "  wwwwhh    " } },
    { roles: "FFLPPPPPPPFF", locks: { hot: "   wwwwwhh  ", cold: "         h  " } },
  ];

  it("charges each wait to the holds that covered it, one after the other", () => {
    const [hot, ...others] = report(convoy).hotspots;
    assert.deepEqual(others, [], "a lock that nobody waited for is none");
    assert.equal(hot?.lock, "hot");
    assert.equal(hot.waits, 2);
    assert.equal(hot.totalWait, 9000);
    assert.equal(hot.worstWait, 5000);
    assert.equal(hot.mostWaiting, 2);
    assert.deepEqual(
      hot.culprits.map(({ site, total }) => [site?.file, site?.line, total]),
      [
        ["thread-1.ts", 10, 7000],
        ["thread-2.ts", 20, 2000],
      ],
    );
    assert.deepEqual(
      hot.victims.map(({ site, total }) => [site?.line, total]),
      [
        [30, 5000],
        [20, 4000],
      ],
    );
  });

  it("names what the holder waited for itself while others waited for it", () => {
    const [hot, inner] = report([
      { roles: "LPPPPPPPPLL", locks: { outer: " hhhhhhhh  ", inner: "  wwwwh    " } },
      { roles: "FLPPPPPPPPF", locks: { inner: " hhhhh      " } },
      { roles: "FFLPPPPPPPP", locks: { outer: "   wwwwwwh " } },
    ]).hotspots;
    assert.deepEqual([hot?.lock, hot?.chain], ["outer", ["inner"]]);
    assert.deepEqual([inner?.lock, inner?.chain], ["inner", []]);
  });

  it("leaves the pool's own locks out", () => {
    const { hotspots } = report([
      { roles: "LPPPPPLL", locks: { "poolscope:x": " hhhh   " } },
      { roles: "FLPPPPFF", locks: { "poolscope:x": "  wwwh  " } },
    ]);
    assert.deepEqual(hotspots, []);
  });
});

describe("latency", () => {
  it("is split where the drawing has it", () => {
    const [row] = report([{ roles: "FLLPPPPPLL", locks: { hot: "    wwh   " } }], {
      queued: 2,
    }).latency;
    assert.equal(row?.handler, "work");
    assert.deepEqual(
      [row.queueWait.max, row.service.max, row.lockWait.max, row.total.max],
      [2000, 5000, 2000, 7000],
    );
    assert.equal(row.outcomes.completed, 1);
  });
});

function goesOn(thread: number): DrawnRecord[] {
  return [
    { thread, micros: 50, kind: "handlerResumed", turn: 7 },
    { thread, micros: 299, kind: "handlerSuspended", turn: 7 },
  ];
}

describe("the pattern's invariants", () => {
  const healthy: readonly DrawnThread[] = [
    { roles: "LLPPPPFFFLLPPLL" },
    { roles: "FFLLPPPPFFFLLPP" },
    { roles: "FFFFLLLLLPPPPFF" },
  ];

  it("hold in a healthy drawing", () => assert.deepEqual(breaches(healthy), []));

  it("I1: two threads that both select while the other leads", () => {
    assert.deepEqual(breaches([{ roles: "LLLLLLPP" }, { roles: "FFLLPPFF" }]), ["I1"]);
  });

  it("I2: a handler that starts before its thread promoted", () => {
    assert.deepEqual(breaches(healthy, { without: isFirst("promoted") }), ["I2"]);
  });

  it("I3: one event in two handlers at once", () => {
    const again = { thread: 2, micros: 5, turn: 9, a: 1, b: 0 } as const;
    const twice = [
      { ...again, kind: "handlerStarted" },
      { ...again, micros: 6, kind: "handlerEnded" },
    ] as const;
    assert.deepEqual(breaches(healthy, { extra: twice }), ["I3"]);
  });

  it("I4: events wait, a follower is idle, and nobody leads for long", () => {
    const roles = `LP${"P".repeat(200_000)}LPLL`;
    const long: readonly DrawnThread[] = [{ roles }, { roles: "F".repeat(roles.length) }];
    assert.deepEqual(breaches(long, { queued: 150_000 }), ["I4"]);
    assert.deepEqual(breaches(long, { queued: 50_000 }), [], "50 ms are no breach");
    assert.deepEqual(breaches([{ roles }], { queued: 150_000 }), [], "nobody was idle");
    const promoted = { thread: 0, micros: 2, kind: "promoted", a: 3 } as const;
    const slow = { queued: 150_000, extra: [promoted] };
    assert.deepEqual(breaches(long, slow), [], "a follower is on its way");
  });

  it("I4: the thread that leads is in a continuation for long", () => {
    const follows = { roles: "F".repeat(300) };
    const drawn = [{ roles: "L".repeat(300) }, follows];
    const seen = (extra: readonly DrawnRecord[], more: readonly DrawnThread[] = []): string[] => {
      const options = waits(0);
      const all = { ...options, extra: [...(options.extra ?? []), ...extra] };
      return report([...drawn, ...more], all).breaches.map(({ sentence }) => sentence);
    };
    assert.deepEqual(seen([]), []);
    const [sentence = "", ...rest] = seen(goesOn(1));
    assert.match(sentence, /249\.0 ms .* a follower was idle, but thread 1, which led, was in a/);
    assert.deepEqual(rest, []);
    assert.deepEqual(seen([...goesOn(1), ...goesOn(2)]), [], "nobody was idle");
    const promoted = { thread: 0, micros: 51, kind: "promoted", a: 3 } as const;
    assert.deepEqual(seen([...goesOn(1), promoted]), [], "a follower is on its way");
    const isBusy = seen([...goesOn(1), ...goesOn(2), promoted], [follows]);
    assert.equal(isBusy.length, 1, "the follower that was called is in a continuation too");
  });

  it("I5: a thread that promotes though it does not lead", () => {
    const extra = [{ thread: 2, micros: 1, kind: "promoted", a: 2 }] as const;
    assert.deepEqual(breaches(healthy, { extra }), ["I5"]);
  });

  it("a transition that the table of roles does not have", () => {
    const extra = [
      { thread: 3, micros: 1, kind: "roleChanged", small: roleCode.processing },
    ] as const;
    assert.ok(breaches(healthy, { extra }).includes("transition"));
  });

  it("an event without an outcome, or with two", () => {
    assert.deepEqual(breaches(healthy, { without: isFirst("settled") }), ["outcome"]);
    const settled = { thread: 1, micros: 14, kind: "settled", turn: 1, a: 1, small: 0 } as const;
    assert.deepEqual(breaches(healthy, { extra: [settled] }), ["outcome"]);
    assert.deepEqual(breaches(healthy, { without: isFirst("settled"), cut: true }), []);
  });
});

/** The second thread leads the second handle set. */
const setOfSecond = (record: DrawnRecord): DrawnRecord =>
  record.thread === 2 && record.kind === "roleChanged" ? { ...record, b: 1 } : record;

/** An event of the handle set waits from 50 to 299 ms. */
const waits = (handleSet: number): DrawOptions => ({
  column: 1_000_000,
  change: setOfSecond,
  extra: [
    { thread: 0, micros: 50, kind: "eventSubmitted", a: 99, d: handleSet },
    { thread: 0, micros: 299, kind: "settled", a: 99 },
  ],
});

describe("several handle sets", () => {
  it("may have leaders at the same time, one each", () => {
    const drawn = [{ roles: "LLLLLLPP" }, { roles: "FFLLPPFF" }];
    assert.deepEqual(breaches(drawn), ["I1"]);
    assert.deepEqual(breaches(drawn, { change: setOfSecond }), []);
  });

  it("I4: events of one wait without a leader, though the other is led", () => {
    const drawn = [{ roles: "L".repeat(300) }, { roles: `LP${"F".repeat(298)}` }];
    assert.deepEqual(breaches(drawn, waits(0)), []);
    assert.deepEqual(breaches(drawn, waits(1)), ["I4"]);
    // Bound to a thread that is busy elsewhere: no leader is wanted for it.
    assert.deepEqual(breaches(drawn, waits(-1)), []);
  });

  it("stand beside the promotion, as bound keys do", () => {
    const configuration = { ...testHeader.configuration, association: "hybrid", handleSets: 3 };
    const { run } = report([{ roles: "LP" }], { header: { configuration } });
    assert.equal(run.promotion, "lifo, on-demand, keys bound to threads, 3 handle sets");
  });
});

describe("leadership", () => {
  it("measures a hand-off from the promotion until that follower leads", () => {
    const promoted = { thread: 1, micros: 2, kind: "promoted", a: 3 } as const;
    const { leadership } = report([{ roles: "LLPPPPPPPP" }, { roles: "FFFFFLLLPP" }], {
      extra: [promoted],
    });
    assert.deepEqual([leadership.handOff.count, leadership.handOff.max], [1, 3000]);
    assert.equal(leadership.promotions, 1);
  });

  it("has one hand-off where several are woken together, as none is sure to come", () => {
    const woken = { thread: 1, micros: 2, kind: "promoted" } as const;
    const { leadership } = report(
      [{ roles: "LLPPPPPPPPPPP" }, { roles: "FFFFLPPPPPPPP" }, { roles: "FFFFFFFFFFFLP" }],
      {
        extra: [
          { ...woken, a: 3 },
          { ...woken, a: 4 },
        ],
      },
    );
    assert.deepEqual([leadership.handOff.count, leadership.handOff.max], [1, 2000]);
  });

  it("has none for a follower that was woken for nothing", () => {
    const promoted = { thread: 1, micros: 2, kind: "promoted", a: 3 } as const;
    const { leadership } = report([{ roles: "LLPPLLLLLL" }, { roles: "FFFFFFFFFF" }], {
      extra: [promoted],
    });
    assert.equal(leadership.handOff.count, 0);
  });
});

describe("a trace that is cut", () => {
  it("says who waited for whom at its end, and a cycle is a deadlock", () => {
    const { waiting, findings, run } = report(
      [
        { roles: "LPPPPPPP", locks: { a: " hhhhhhh", b: "    wwww" } },
        { roles: "FLPPPPPP", locks: { b: "  hhhhhh", a: "     www" } },
      ],
      { cut: true, column: 1e9, without: ({ kind }) => kind === "lockReleased" },
    );
    assert.equal(run.ended, "cut");
    assert.deepEqual(
      waiting.map(({ thread, lock, owner }) => [thread, lock, owner]),
      [
        [1, "b", 2],
        [2, "a", 1],
      ],
    );
    assert.equal(findings[0]?.rule, "deadlock");
  });

  it("is defined when it is empty", () => {
    const empty = report([{ roles: "" }], { cut: true });
    assert.deepEqual([empty.findings, empty.breaches, empty.latency], [[], [], []]);
  });
});

/** Leaves out the first record of a kind. */
function isFirst(kind: string): NonNullable<DrawOptions["without"]> {
  let found = false;
  return (record) => {
    if (found || record.kind !== kind) return false;
    found = true;
    return true;
  };
}
