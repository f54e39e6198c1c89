// Orders of locks and deadlocks on drawn traces.

import assert from "node:assert/strict";
import type { DrawnRecord, DrawnThread } from "../support/draw-trace.ts";
import { findIn, rulesIn } from "../support/find-in.ts";

const nested = (outer: string, inner: string): DrawnThread["locks"] => ({
  [outer]: "  hhhhh ",
  [inner]: "   hhh  ",
});

/** One thread, one event after the other. */
const inOneThread = (...orders: readonly [string, string][]): DrawnThread[] => {
  const locks: Record<string, string> = {};
  orders.forEach(([outer, inner], index) => {
    for (const [name, row] of Object.entries(nested(outer, inner) ?? {})) {
      locks[name] = (locks[name] ?? "").padEnd(8 * index) + row;
    }
  });
  return [{ roles: "LPPPPPPP".repeat(orders.length), locks }];
};

describe("an inversion of the order of locks", () => {
  it("is seen with one thread that never waits", () => {
    const [finding, ...others] = findIn(inOneThread(["a", "b"], ["b", "a"]));
    assert.deepEqual(others, []);
    assert.equal(finding?.rule, "lock-order-inversion");
    assert.equal(finding.subject, "a,b");
    assert.match(finding.sentence, /"b" while holding "a" \(thread-1\.ts:10\)/);
    assert.match(finding.sentence, /"a" while holding "b"/);
    assert.deepEqual(finding.remedies, [{ kind: "global-lock-order" }]);
  });

  it("is seen in two threads, also over three locks", () => {
    assert.deepEqual(
      rulesIn([
        { roles: "LPPPPPPP", locks: nested("a", "b") ?? {} },
        {
          roles: "LPPPPPPP        LPPPPPPP",
          locks: { c: " ".repeat(16) + "  hhh   ", b: " ".repeat(16) + " hhhhh  " },
        },
        {
          roles: `${" ".repeat(24)}LPPPPPPP`,
          locks: { c: " ".repeat(24) + " hhhhh  ", a: " ".repeat(24) + "  hhh   " },
        },
      ]),
      ["lock-order-inversion"],
    );
  });

  it("is none where the locks are one thread's own, and is one where that thread handles all events", () => {
    const orders = Array.from({ length: 12 }, (_, at): [string, string] =>
      at % 2 === 0 ? ["a", "b"] : ["b", "a"],
    );
    const [takes] = inOneThread(...orders);
    assert.ok(takes !== undefined);
    const handles = " ".repeat(8 * orders.length) + "LPPP".repeat(24);
    assert.deepEqual(rulesIn([takes, { roles: handles }]), []);
    assert.deepEqual(rulesIn([takes, { roles: "F".repeat(8 * orders.length) }]), [
      "lock-order-inversion",
    ]);
  });

  it("is none by kind alone: instances in one order", () => {
    const ordered = inOneThread(
      ["acct-3", "acct-17"],
      ["acct-17", "acct-40"],
      ["acct-3", "acct-40"],
    );
    assert.deepEqual(rulesIn(ordered), []);
  });

  it("is one cause for all instances of a kind", () => {
    const both = inOneThread(
      ["acct-3", "acct-17"],
      ["acct-17", "acct-3"],
      ["acct-1", "acct-2"],
      ["acct-2", "acct-1"],
    );
    const [finding, ...others] = findIn(both);
    assert.deepEqual(others, []);
    assert.equal(finding?.subject, "acct-*");
    assert.match(finding.sentence, /1 more circle of this kind/);
  });

  it("is none behind a common gate", () => {
    const [thread] = inOneThread(["a", "b"], ["b", "a"]);
    const gate = " hhhhhhh hhhhhhh";
    assert.deepEqual(rulesIn([{ roles: "", ...thread, locks: { ...thread?.locks, gate } }]), []);
  });

  it("is told by the pool's own records where holds are too short to be recorded", () => {
    const edge = { thread: 1, kind: "lockOrderEdge", b: 1, d: 1 } as const;
    const extra: DrawnRecord[] = [
      { ...edge, micros: 2, turn: 1, a: 0, c: 1 },
      { ...edge, micros: 5, turn: 2, a: 1, c: 0 },
    ];
    const drawn = [{ roles: "LPPPLPPP", locks: { a: "", b: "" } }];
    assert.deepEqual(rulesIn(drawn, { extra }), ["lock-order-inversion"]);
  });

  it("is none between locks that one of several threads keeps to itself", () => {
    const orders = Array.from({ length: 20 }, (_, index): [string, string] =>
      index % 2 === 0 ? ["own-a", "own-b"] : ["own-b", "own-a"],
    );
    const [own] = inOneThread(...orders);
    assert.deepEqual(rulesIn([own ?? { roles: "" }, { roles: "LPPPPPPP".repeat(20) }]), []);
  });
});

const seen = (thread: number, lock: number): DrawnRecord => ({
  ...{ thread, micros: 6, turn: thread, kind: "holdSeen", a: lock, b: thread },
});

const wait = (turn: number, lock: number, micros: number): DrawnRecord => ({
  ...{ thread: 1, micros, turn, kind: "lockWaitStarted", a: lock, b: 1, c: 2 },
});

const held = (turn: number, lock: number): DrawnRecord => ({
  ...{ thread: 1, micros: 1, turn, kind: "holdSeen", a: lock, b: 1 },
});

describe("a deadlock", () => {
  const circle: readonly DrawnThread[] = [
    { roles: "LPPPPPPP", locks: { a: " hhhhhhh", b: "    wwww" } },
    { roles: "FLPPPPPP", locks: { b: "  hhhhhh", a: "     www" } },
  ];
  const living = { cut: true, column: 1e9, without: isReleaseOf } as const;

  it("is told while it lasts, with where each is held and wanted", () => {
    const [finding, ...others] = findIn(circle, { ...living, extra: [seen(1, 0), seen(2, 1)] });
    assert.deepEqual(others, [], "the circle is all there is to say");
    assert.equal(finding?.rule, "deadlock");
    assert.equal(finding.score, 100);
    assert.match(
      finding.sentence,
      /thread 1 waits for "b" \(thread-1\.ts:10\), held by thread 2 \(thread-2\.ts:20\)/,
    );
    assert.deepEqual(finding.threads, [1, 2]);
  });

  it("is none while the waits are young, or when one of them ended", () => {
    assert.deepEqual(rulesIn(circle, { ...living, column: 1e6 }), []);
    const ended = { thread: 2, micros: 8, turn: 2, kind: "lockWaitEnded", a: 0, small: 1 } as const;
    assert.deepEqual(rulesIn(circle, { ...living, extra: [ended] }), []);
  });

  it("is found between turns of threads that do not block", () => {
    // Turn 1 and turn 2 of one thread, each holding what the other wants.
    const drawn = [{ roles: "LPPPPPPP", locks: { a: "", b: "" } }];
    const crossed = [held(1, 0), held(2, 1), wait(1, 1, 2), wait(2, 0, 3)];
    assert.deepEqual(rulesIn(drawn, { ...living, extra: crossed })[0], "deadlock");
    // Turn 3 holds what both want, and waits for nothing.
    const one = [held(3, 0), held(3, 1), wait(1, 1, 2), wait(2, 0, 3)];
    assert.ok(!rulesIn(drawn, { ...living, extra: one }).includes("deadlock"));
  });

  it("is told where a lock refused the wait that would have closed it", () => {
    const refused = {
      thread: 1,
      micros: 6,
      turn: 1,
      kind: "lockWaitEnded",
      a: 1,
      small: 3,
    } as const;
    const [finding] = findIn(circle, {
      extra: [
        refused,
        { thread: 1, micros: 7, turn: 1, kind: "lockReleased", a: 0, b: 1, d: 1 },
        { thread: 2, micros: 7, turn: 2, kind: "lockWaitEnded", a: 0, b: 2 },
        { thread: 2, micros: 7, turn: 2, kind: "lockReleased", a: 1, b: 2, d: 1 },
      ],
      without: isReleaseOf,
    });
    assert.equal(finding?.rule, "deadlock");
    assert.match(finding.sentence, /^Deadlock, refused once by the lock/);
    assert.match(finding.sentence, /held by thread 2 \(thread-2\.ts:20\)/);
  });
});

function isReleaseOf({ kind }: DrawnRecord): boolean {
  return kind === "lockReleased";
}
