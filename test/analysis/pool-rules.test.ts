// Rules about the pool itself, its queue, its promotion and its threads, on drawn traces.

import assert from "node:assert/strict";
import type { Finding } from "../../src/analysis/report.ts";
import type { DrawnRecord, DrawnThread, DrawOptions } from "../support/draw-trace.ts";
import { findIn, repeat, rulesIn, saturated } from "../support/find-in.ts";

const only = (rule: string, drawn: readonly DrawnThread[], options: DrawOptions): Finding => {
  const found = findIn(drawn, options);
  assert.deepEqual(
    found.map((each) => each.rule),
    [rule],
  );
  const [finding] = found;
  assert.ok(finding !== undefined);
  return finding;
};

const busy = (threads: number): DrawnThread[] =>
  repeat(
    60,
    Array.from({ length: threads }, () => ({ roles: `L${"P".repeat(15)}` })),
  );

/** Records at each of these columns. */
const at = (
  columns: readonly number[],
  record: Omit<DrawnRecord, "micros">,
  more: (index: number) => Partial<DrawnRecord> = () => ({}),
): DrawnRecord[] =>
  columns.map((micros, index): DrawnRecord => ({ ...record, micros, ...more(index) }));

const columns = (count: number, step: number): number[] =>
  Array.from({ length: count }, (_, index) => index * step);

const sampled = (thread: number, record: Partial<DrawnRecord>): DrawnRecord[] =>
  at(columns(96, 10), { thread, kind: "osSampled" }, () => record);

function toSecondThread(record: DrawnRecord): DrawnRecord {
  return record.kind === "promoted" && record.thread === 1 ? { ...record, a: 3 } : record;
}

describe("pool-too-small", () => {
  it("is found where events wait, all threads compute and processors are free", () => {
    const header = { cpuCount: 8 };
    const { sentence, remedies, score } = only("pool-too-small", busy(2), { ...saturated, header });
    assert.match(sentence, /all 2 threads compute/);
    const alone = repeat(120, [{ roles: `L${"P".repeat(15)}` }]);
    const ofOne = only("pool-too-small", alone, { ...saturated, header }).sentence;
    assert.match(ofOne, /the only thread computes/);
    assert.deepEqual(remedies, [{ kind: "configuration", key: "threads", value: 8 }]);
    assert.ok(score > 60, String(score));
  });

  it("is not where the processors are used, or nothing waits", () => {
    assert.deepEqual(rulesIn(busy(2), { ...saturated, header: { cpuCount: 2 } }), []);
    assert.deepEqual(rulesIn(busy(2), { queued: 0, column: 1e6, header: { cpuCount: 8 } }), []);
  });

  it("is a symptom where a lock keeps the threads", () => {
    const drawn = repeat(60, [
      { roles: "LPPPPPPP", locks: { hot: " hhhh   " } },
      { roles: "LPPPPPPP", locks: { hot: " wwwwhhh" } },
    ]);
    only("lock-contention", drawn, { ...saturated, header: { cpuCount: 8 } });
  });
});

describe("blocking-call", () => {
  const calls = { readFileSync: "  ccccc " };

  it("is found where every thread is in one while events wait", () => {
    const drawn = repeat(30, [
      { roles: "LPPPPPPP", calls },
      { roles: "LPPPPPPP", calls },
    ]);
    const { subject, site, sentence } = only("blocking-call", drawn, saturated);
    assert.equal(subject, "readFileSync");
    assert.equal(site?.line, 10);
    assert.match(sentence, /All 2 threads are in blocking calls at once for 6\d % of the run/);
    const alone = only("blocking-call", drawn.slice(0, 1), saturated).sentence;
    assert.match(alone, /^The only thread is in a blocking call for 6\d % of the run/);
  });

  it("is not where one thread is free", () => {
    const drawn = repeat(30, [{ roles: "LPPPPPPP", calls }, { roles: "LPPPPPPP" }]);
    assert.deepEqual(rulesIn(drawn, { ...saturated, header: { cpuCount: 1 } }), []);
  });
});

describe("promotion", () => {
  const late = repeat(40, [{ roles: "LPPPPPPP" }, { roles: "FFFFFFFF" }]);

  it("late-promotion: the handler runs before the next leader is made", () => {
    const { remedies, sentence } = only("late-promotion", late, {
      ...saturated,
      without: ({ kind }) => kind === "promoted",
    });
    assert.deepEqual(remedies, [{ kind: "configuration", key: "when", value: "on-demand" }]);
    assert.match(sentence, /40 events, 100 %/);
  });

  it("leaderless-gap: nobody leads and nobody is on the way", () => {
    const { sentence } = only("leaderless-gap", late, saturated);
    assert.match(sentence, /Nobody could lead though events waited/);
  });

  it("slow-hand-off: the follower that was promoted does not come", () => {
    const options = { ...saturated, change: toSecondThread };
    // The thread that is promoted leads at the end of each of these times.
    const drawn = repeat(40, [{ roles: "LPPPPPPP" }, { roles: "FFFFFFFL" }]);
    const found = rulesIn(drawn, options);
    assert.deepEqual(found, ["slow-hand-off"]);
    const ready = at(columns(40, 8), { thread: 2, kind: "osSampled", a: 0, b: 7000 });
    assert.ok(
      !rulesIn(drawn, { ...options, extra: ready }).includes("slow-hand-off"),
      "it waited for a processor",
    );
    const elsewhere = at(columns(40, 8), { thread: 1, kind: "osSampled", a: 0, b: 7000 });
    const before = at([3], { thread: 2, kind: "osSampled", a: 0, b: 300_000 });
    assert.deepEqual(
      rulesIn(drawn, { ...options, extra: [...elsewhere, ...before] }),
      ["slow-hand-off"],
      "the threads waited for a processor, but not on their way",
    );
  });
});

describe("the queue", () => {
  it("queue-saturated: events are shed all along", () => {
    const shed = at(columns(48, 10), { thread: 0, kind: "eventShed" }, (index) => ({
      a: 5000 + index,
    }));
    const header = { cpuCount: 2, configuration: { capacity: 64 } };
    const { sentence } = only("queue-saturated", busy(2), { ...saturated, extra: shed, header });
    assert.match(sentence, /The queue, which holds 64, is full: 48 events/);
  });

  it("head-of-line-blocking: quick events wait while all threads are in a slow type", () => {
    const slow = `L${"P".repeat(20)}`;
    const roles = slow + "LP".repeat(30);
    // By their starts: both threads' slow events come first in each round.
    const drawn = repeat(20, [{ roles }, { roles }]);
    const options = {
      ...{ column: 1e6, header: { cpuCount: 2 } },
      // The quick ones that come while the slow ones run wait for them.
      queued: (event: number) => ((event - 1) % 62 < 6 ? 15 : 0),
      handlers: ["slow", "quick"],
      handlerOf: (event: number) => ((event - 1) % 62 < 2 ? 0 : 1),
    };
    const { subject, metric, remedies } = only("head-of-line-blocking", drawn, options);
    assert.deepEqual([subject, metric], ["slow", "p99"]);
    assert.deepEqual(remedies, [{ kind: "configuration", key: "queue", value: "priority" }]);
    const header = { cpuCount: 2, configuration: { queue: "priority" } };
    assert.deepEqual(rulesIn(drawn, { ...options, header }), []);
  });

  it("priority-inversion: an urgent event waits for what a less urgent one holds", () => {
    const drawn = repeat(30, [
      { roles: "LPPPPPPP", locks: { hot: " hhhh   " } },
      { roles: "LLPPPPPP", locks: { hot: "  wwwhhh" } },
    ]);
    const options = {
      ...saturated,
      priorityOf: (event: number) => (event + 1) % 2,
      header: { configuration: { queue: "priority" } },
    };
    const { subject, site } = only("priority-inversion", drawn, options);
    assert.equal(subject, "hot");
    assert.equal(site?.line, 10, "where the less urgent one takes it");
  });
});

describe("not-your-pool", () => {
  it("says that others took the processors", () => {
    const samples = [1, 2].flatMap((thread) => sampled(thread, { a: 2000, b: 8000 }));
    const { mechanism } = only("not-your-pool", busy(2), { ...saturated, extra: samples });
    assert.equal(mechanism, "other-processes");
  });

  it("says that the process was throttled", () => {
    const samples = [1, 2].flatMap((thread) => sampled(thread, { small: 1, a: 10_000 }));
    const { mechanism } = only("not-your-pool", busy(2), { ...saturated, extra: samples });
    assert.equal(mechanism, "throttling");
  });

  it("says that the handlers await others, with every turn taken", () => {
    const drawn = repeat(60, [
      { roles: "LPPPPPPPPPPPPPPP", awaits: " ssssssssssssss " },
      { roles: "LPPPPPPPPPPPPPPP", awaits: " ssssssssssssss " },
    ]);
    const { mechanism, remedies } = only("not-your-pool", drawn, { ...saturated, queued: 16 });
    assert.equal(mechanism, "downstream");
    assert.deepEqual(remedies, [{ kind: "configuration", key: "concurrentEvents", value: 8 }]);
  });

  it("says that the main thread has no more to give", () => {
    const drawn = repeat(60, [{ roles: "LPLLLLLL" }, { roles: "LPLLLLLL" }]);
    const main = sampled(0, { a: 9800 });
    const { mechanism, sentence, score, scoreInterval } = only("not-your-pool", drawn, {
      ...{ queued: 0, column: 1e6, extra: main },
    });
    assert.equal(mechanism, "main-thread");
    // Half of the 98 % is taken to be its own; at the outside nothing, or all that the pool's idle threads could use.
    assert.equal(Math.round(score), 49);
    assert.equal(scoreInterval.low, 0);
    assert.ok(scoreInterval.high > 80, String(scoreInterval.high));
    assert.match(sentence, /thread "main", which submits the events, is busy 98 %/);
  });

  it("counts the main thread's time without a processor, but not that alone", () => {
    const drawn = repeat(60, [{ roles: "LPLLLLLL" }, { roles: "LPLLLLLL" }]);
    const options = { queued: 0, column: 1e6 };
    const shared = sampled(0, { a: 5000, b: 4800 });
    const { mechanism } = only("not-your-pool", drawn, { ...options, extra: shared });
    assert.equal(mechanism, "main-thread");
    const waiting = sampled(0, { a: 1000, b: 9000 });
    assert.deepEqual(rulesIn(drawn, { ...options, extra: waiting }), []);
  });

  it("says nothing of a busy main thread while the pool's threads are busy too", () => {
    const main = sampled(0, { a: 9800 });
    const threads = [1, 2].flatMap((thread) => sampled(thread, { a: 5000 }));
    const header = { cpuCount: 3 };
    const options = { queued: 0, column: 1e6, header, extra: [...main, ...threads] };
    assert.deepEqual(rulesIn(busy(2), options), []);
  });
});
