// Contention on drawn traces: one cause for each lock, how it works, whom it names and what it promises.

import assert from "node:assert/strict";
import type { Finding } from "../../src/analysis/report.ts";
import type { DrawnThread, DrawOptions } from "../support/draw-trace.ts";
import { findIn, repeat, saturated } from "../support/find-in.ts";

const only = (drawn: readonly DrawnThread[], options: DrawOptions = saturated): Finding => {
  const found = findIn(drawn, options);
  assert.deepEqual(
    found.map(({ rule }) => rule),
    ["lock-contention"],
  );
  const [finding] = found;
  assert.ok(finding !== undefined);
  return finding;
};

const longHold = [
  { roles: "LPPPPPPP", locks: { hot: " hhhh   " } },
  { roles: "LPPPPPPP", locks: { hot: " wwwwhhh" } },
];

const pair = (lock: string): DrawnThread[] => [
  { roles: "LPPPPPPP", locks: { [lock]: " hhhh   " } },
  { roles: "LPPPPPPP", locks: { [lock]: " wwwwhhh" } },
];

describe("lock contention", () => {
  it("names the lock, the acquire that holds it, those that wait, and what to do", () => {
    const finding = only(repeat(30, longHold));
    assert.equal(finding.mechanism, "long-hold");
    assert.equal(finding.subject, "hot");
    assert.equal(finding.identity, "lock-contention|hot|thread-1.ts|handler1");
    assert.deepEqual([finding.site?.file, finding.site?.line], ["thread-1.ts", 10]);
    assert.ok(finding.related.some(({ site }) => site.line === 20));
    assert.match(finding.sentence, /^Lock "hot" keeps up to 1 of 2 threads waiting, 25 % of /);
    assert.match(finding.sentence, /handler1 holds it, thread-1\.ts:10, for 4\.0 ms at a time/);
    assert.deepEqual(finding.remedies[0], { kind: "move-out-of-lock" });
    assert.equal(finding.page, "docs/findings/lock-contention.md");
  });

  it("promises what the threads allow where processors are left", () => {
    // 14 columns of turns, 4 of them waiting: without the wait 10 would do.
    const { score, scoreInterval, metric } = only(repeat(30, longHold));
    assert.equal(metric, "throughput");
    assert.ok(Math.abs(score - 100 * (1 - 10 / 14)) < 1, String(score));
    assert.ok(scoreInterval.low < score && score <= scoreInterval.high);
  });

  it("promises no more than the processors allow", () => {
    const busy = findIn(repeat(30, longHold), { ...saturated, header: { cpuCount: 1 } });
    assert.deepEqual(busy, [], "10 columns of 8 are all that one processor has");
  });

  it("promises the part of p99 that slow events waited where the pool has room", () => {
    const { metric, score } = only(
      repeat(30, [
        { roles: "LPPPPLLLLLLLLLLL", locks: { hot: " hhhh           " } },
        { roles: "LPPPPPLLLLLLLLLL", locks: { hot: " wwwwh          " } },
      ]),
      { queued: 0, column: 1e6 },
    );
    assert.equal(metric, "p99");
    // 5 columns of service, of which the slower waited 4.
    assert.ok(score > 15 && score < 85, String(score));
  });

  it("calls a hold across a blocking call by the call", () => {
    const finding = only(
      repeat(30, [
        { roles: "LPPPPPPP", locks: { hot: " hhhh   " }, calls: { readFileSync: "  ccc   " } },
        ...longHold.slice(1),
      ]),
    );
    assert.equal(finding.mechanism, "hold-across-blocking-call");
    assert.match(finding.sentence, /across readFileSync \(thread-1\.ts:10\)/);
  });

  it("knows a hold across an await", () => {
    const finding = only(
      repeat(30, [
        { roles: "LPPPPPPP", locks: { hot: " hhhh   " }, awaits: "  sss   " },
        ...longHold.slice(1),
      ]),
    );
    assert.equal(finding.mechanism, "hold-across-await");
  });

  it("knows a convoy: short holds whose hand-over costs", () => {
    assert.equal(only(repeat(30, longHold), { queued: 8, column: 10_000 }).mechanism, "convoy");
  });

  it("knows serialised execution: all that handlers do is under the lock", () => {
    const finding = only(
      repeat(30, [
        { roles: "LPPPPLLL", locks: { hot: " hhhh   " } },
        { roles: "LPPPPPPP", locks: { hot: " wwwwhhh" } },
      ]),
    );
    assert.equal(finding.mechanism, "serialised-execution");
  });

  it("knows a turn that takes the lock again before those who wait get it", () => {
    const finding = only(
      repeat(30, [
        { roles: "LPPPPPPPPPPPPPPP", locks: { hot: " hh hh hh hh hh " } },
        { roles: "LPPPPPPPPPPPPPPP", locks: { hot: " wwwwwwwwwwwwwwh" } },
      ]),
    );
    assert.equal(finding.mechanism, "unfair-hand-over");
  });

  it("charges a chain of locks to its end, once", () => {
    const finding = only(
      repeat(30, [
        { roles: "LPPPPPPPPP", locks: { outer: " hhhhhhh  ", inner: "  wwwwwh  " } },
        { roles: "LPPPPPPPPP", locks: { inner: " hhhhhh   " } },
        { roles: "LPPPPPPPPP", locks: { outer: "  wwwwwwh " } },
      ]),
    );
    assert.equal(finding.subject, "inner");
    assert.equal(finding.site?.line, 20);
    assert.match(finding.sentence, /Waits for "outer" go back to it/);
  });

  it("takes locks of one kind together, unless one stands out", () => {
    const together = only(
      repeat(30, [...pair("account-1"), ...pair("account-2"), ...pair("account-3")]),
      {
        ...saturated,
        header: { cpuCount: 8 },
      },
    );
    assert.equal(together.subject, "account-*");
    assert.match(together.sentence, /^3 locks "account-\*" together keep/);
  });
});
