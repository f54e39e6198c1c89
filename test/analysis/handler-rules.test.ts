// Rules about handlers and what they do to their thread, on drawn traces.

import assert from "node:assert/strict";
import type { Finding } from "../../src/analysis/report.ts";
import { waitOutcomes } from "../../src/trace/outcome.ts";
import type { DrawnRecord, DrawnThread, DrawOptions } from "../support/draw-trace.ts";
import { findIn, repeat, rulesIn, saturated } from "../support/find-in.ts";

const full = { ...saturated, header: { cpuCount: 2 } } as const;
const drawn: readonly DrawnThread[] = repeat(40, [{ roles: "LPPPPPPP" }, { roles: "LPPPPPPP" }]);

const only = (rule: string, threads: readonly DrawnThread[], options: DrawOptions): Finding => {
  const found = findIn(threads, options);
  assert.deepEqual(
    found.map((each) => each.rule),
    [rule],
  );
  const [finding] = found;
  assert.ok(finding !== undefined);
  return finding;
};

/** One for each of thread 1's turns, at a column of it. Its events have odd numbers. */
const inTurns = (
  count: number,
  column: number,
  record: Pick<DrawnRecord, "kind"> & Partial<DrawnRecord>,
): DrawnRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ thread: 1, micros: 8 * index + column, turn: 2 * index + 1, a: 2 * index + 1 },
    ...record,
  }));

describe("failing-handler", () => {
  it("is found with its share and its message", () => {
    const failed = inTurns(20, 7, { kind: "handlerFailed", c: 1 });
    const options = { ...full, extra: failed, strings: ["RangeError: no such account"] };
    const { subject, sentence, score } = only("failing-handler", drawn, options);
    assert.equal(subject, "work");
    assert.match(sentence, /failed 20 of 80 times, 25 %: RangeError: no such account/);
    assert.equal(score, 25);
  });
});

const died = (at: number): DrawnRecord => ({
  ...{ thread: 0, micros: at, kind: "threadCrashed", small: 1, a: 9 },
});

const withoutEnd = ({ thread, turn, kind }: DrawnRecord): boolean =>
  thread === 1 && turn === 79 && (kind === "handlerEnded" || kind === "settled");

describe("a thread that dies", () => {
  it("crashing-thread: with its handler and what it left behind", () => {
    const abandoned = { thread: 2, micros: 319, kind: "lockAbandoned", a: 0, c: 2 } as const;
    const threads = drawn.map((thread) => ({ ...thread, locks: { hot: "" } }));
    const next = { thread: 1, micros: 319, kind: "threadStarted" } as const;
    const { sentence } = only("crashing-thread", threads, {
      ...{ ...full, extra: [died(318), next, abandoned], without: withoutEnd },
    });
    assert.match(sentence, /1 thread died in handler "work": exit code 9\. Locks were left/);
  });

  it("hanging-handler: when it had run for long before it was replaced", () => {
    const roles = `${"LPPPPPPP".repeat(40)}L${"P".repeat(4000)}`;
    const { sentence, related } = only("hanging-handler", [{ roles }, ...drawn.slice(1)], {
      ...{ ...full, extra: [died(4321)] },
      without: ({ thread, turn, kind }) =>
        thread === 1 && turn === 81 && (kind === "handlerEnded" || kind === "settled"),
    });
    assert.match(sentence, /did not come back once: it ran for up to 4\.0 s, until/);
    assert.deepEqual(related, [], "no place is known");
  });

  it("hidden-retries: when every event came to a good end the second time", () => {
    const retried = inTurns(4, 3, { kind: "retried", small: 1 });
    const { sentence } = only("hidden-retries", drawn, { ...full, extra: retried });
    assert.match(sentence, /4 events of "work" completed only when they were run again/);
  });

  it("abandoned-lock: when nothing else tells of the death", () => {
    const abandoned = { thread: 2, micros: 319, kind: "lockAbandoned", a: 0, c: 2 } as const;
    const threads = drawn.map((thread) => ({ ...thread, locks: { hot: "" } }));
    const { subject } = only("abandoned-lock", threads, { ...full, extra: [abandoned] });
    assert.equal(subject, "hot");
  });
});

describe("guard-left-held", () => {
  it("names the acquire, and takes the waits for the lock with it", () => {
    const threads = repeat(40, [
      { roles: "LPPPPPPP", locks: { hot: " hhhhhhh" } },
      { roles: "LPPPPPPP", locks: { hot: " wwwwwww" } },
    ]);
    const left = inTurns(40, 7, { kind: "guardLeftHeld", a: 0, b: 1 });
    const { subject, site, remedies, related } = only("guard-left-held", threads, {
      ...{ ...saturated, extra: left },
    });
    assert.equal(subject, "hot");
    assert.equal(site?.line, 10);
    assert.deepEqual(remedies, [{ kind: "scoped-release" }]);
    assert.ok(related.some(({ sentence }) => sentence.startsWith('Lock "hot"')));
  });
});

describe("conditions", () => {
  const threads = drawn.map((thread) => ({ ...thread, locks: { ready: "" } }));

  it("condition-timeouts: waits that only their timeout ends", () => {
    const extra = [
      ...inTurns(40, 2, { kind: "conditionWaitStarted", a: 0, b: 1 }),
      ...inTurns(40, 6, { kind: "conditionWaitEnded", a: 0, b: 1, small: 1 }),
    ];
    const { sentence, subject } = only("condition-timeouts", threads, { ...full, extra });
    assert.equal(subject, "ready");
    assert.match(sentence, /woke only by their timeout, 40 of 40 times, 4\.0 ms each/);
    // Where the processors are no bound: a quarter of the waits' time, or none of it, or all.
    const roomy = { ...saturated, header: { cpuCount: 8 }, extra };
    const { score, scoreInterval } = only("condition-timeouts", threads, roomy);
    assert.ok(score > 5, String(score));
    assert.deepEqual(
      [scoreInterval.low, Math.round(scoreInterval.high)],
      [0, Math.round(score * 4)],
    );
    const notified = extra.map((record) =>
      record.kind === "conditionWaitEnded" && record.micros % 16 > 8
        ? { ...record, small: 0 }
        : record,
    );
    assert.deepEqual(rulesIn(threads, { ...full, extra: notified }), []);
  });

  it("notify-herd: many are woken where one goes on", () => {
    const extra = [
      ...inTurns(40, 1, { kind: "conditionWaitStarted", a: 0, b: 1 }),
      ...inTurns(40, 3, { kind: "conditionWaitEnded", a: 0, b: 1 }),
      ...inTurns(40, 5, { kind: "conditionWaitStarted", a: 0, b: 1 }),
      ...inTurns(40, 6, { kind: "conditionWaitEnded", a: 0, b: 1 }),
      ...inTurns(40, 3, { thread: 2, kind: "conditionNotified", a: 0, b: 2, c: 8, d: 2 }),
    ];
    const { site, remedies, sentence } = only("notify-herd", threads, { ...full, extra });
    assert.equal(site?.line, 20, "where it is notified");
    assert.deepEqual(remedies, [{ kind: "notify-one" }]);
    assert.match(sentence, /40 of 80 wake-ups were for nothing/);
  });
});

const readers = (record: DrawnRecord): DrawnRecord =>
  record.kind === "lockAcquired" && record.thread === 1 ? { ...record, small: 1 } : record;

const sixReaders = (record: DrawnRecord): DrawnRecord =>
  record.kind === "lockAcquired" && record.thread < 7 ? { ...record, small: 1 } : record;

/** Each wait but the turn's last ended by its time limit. */
const timedOut = (record: DrawnRecord): DrawnRecord =>
  record.kind === "lockWaitEnded" && record.micros % 16 < 14
    ? { ...record, small: waitOutcomes.indexOf("timed-out") }
    : readers(record);

describe("reader-writer-starvation", () => {
  it("is found where readers that came later pass a writer", () => {
    const threads = repeat(30, [
      { roles: "LPPPPPPPPPPPPPPP", locks: { book: " h h h h h h h  " } },
      { roles: "LPPPPPPPPPPPPPPP", locks: { book: " wwwwwwwwwwwwwwh" } },
    ]);
    const lockKinds = { book: "rwlock" } as const;
    const { subject, site, sentence } = only("reader-writer-starvation", threads, {
      ...{ ...saturated, lockKinds, change: readers },
    });
    assert.equal(subject, "book");
    assert.equal(site?.line, 10, "where those who pass take it");
    assert.match(sentence, /Writers of lock "book" starve: 30 of them were passed by readers/);
  });

  it("is found where a writer gives up and tries again, and says so", () => {
    const roles = "LPPPPPPPPPPPPPPP";
    const threads = repeat(30, [
      { roles, locks: { book: " h h h h h h h  " } },
      { roles, locks: { book: " w w w w w w wwh" } },
    ]);
    const { sentence, advice } = only("reader-writer-starvation", threads, {
      ...{ ...saturated, lockKinds: { book: "rwlock" }, change: timedOut },
    });
    assert.match(sentence, /30 of them were passed by readers that came later, 6 times each/);
    assert.match(advice, /Wait without a time limit: .* each of 7 tries/);
  });

  it("is not found where each reader passes a writer once", () => {
    const roles = "LPPPPPPPPPPPPPPP";
    const threads = repeat(30, [
      ...Array.from({ length: 6 }, (_, index) => ({
        ...{ roles, locks: { book: `${" ".repeat(2 * index + 1)}h`.padEnd(16) } },
      })),
      { roles, locks: { book: " wwwwwwwwwwwwwwh" } },
    ]);
    const lockKinds = { book: "rwlock" } as const;
    const found = rulesIn(threads, { ...saturated, lockKinds, change: sixReaders });
    assert.ok(!found.includes("reader-writer-starvation"), found.join());
  });
});

describe("what a thread pays beside its handlers", () => {
  it("payload-cost: decoding takes much of the time", () => {
    const decoded = inTurns(40, 0, { kind: "payloadDecoded", b: 100_000, c: 3_000_000 });
    const { subject, sentence } = only("payload-cost", drawn, { ...full, extra: decoded });
    assert.equal(subject, "work");
    assert.match(sentence, /100,000 bytes, 3\.0 ms each/);
  });

  it("loop-overdue: one turn keeps the others", () => {
    // Two turns at once in thread 1: the drawn ones compute, the other could go on.
    const other = { thread: 1, turn: 900, a: 900, b: 1 } as const;
    const extra: DrawnRecord[] = [
      { ...other, thread: 0, turn: 0, micros: 0, kind: "eventSubmitted" },
      { ...other, micros: 0, kind: "handlerStarted" },
      { ...other, micros: 0, kind: "handlerSuspended" },
      { ...other, micros: 319, kind: "handlerEnded" },
      { thread: 1, micros: 80, kind: "loopOverdue", a: 70_000 },
    ];
    const handlers = ["compute", "other"];
    const slow = { ...full, column: 1e7, extra, handlers };
    const { subject, metric, sentence } = only("loop-overdue", drawn, slow);
    assert.deepEqual([subject, metric], ["compute", "p99"]);
    assert.match(sentence, /40 times for up to 70\.0 ms/);
    assert.deepEqual(rulesIn(drawn, { ...slow, column: 1e6 }), [], "7 ms are no delay");
  });

  it("heap-growth: the floor rises all along", () => {
    const extra = Array.from({ length: 60 }, (_, index): DrawnRecord => ({
      ...{ thread: 1, micros: 5 * index + 1, kind: "heapSampled" },
      ...{ a: 40_000 + 8000 * index + 3000 * (index % 5), b: 1_000_000 },
    }));
    const collected = inTurns(40, 6, { kind: "garbageCollected", turn: 0, a: 100 });
    const options = { ...full, extra: [...extra, ...collected] };
    assert.deepEqual(rulesIn(drawn, { ...full, extra }), [], "it may be litter");
    const { sentence } = only("heap-growth", drawn, options);
    assert.match(sentence, /The heap of 1 of 2 threads grows all along, from 39 MiB/);
  });

  it("heap-growth: collections take much of the time", () => {
    const extra = inTurns(40, 6, { kind: "garbageCollected", turn: 0, a: 3000 });
    const { mechanism } = only("heap-growth", drawn, { ...full, extra });
    assert.equal(mechanism, "collections");
  });
});
