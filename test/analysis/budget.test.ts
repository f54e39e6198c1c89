// Budgets held against a drawn report.

import assert from "node:assert/strict";
import { analyze } from "../../src/analysis/analyze.ts";
import { passedBudgets } from "../../src/analysis/budget.ts";
import type { Finding } from "../../src/analysis/report.ts";
import { drawTrace } from "../support/draw-trace.ts";

const drawn = analyze(
  drawTrace([
    { roles: "LPPPPPPPPP", locks: { a: " hhhhhhh  ", b: "        h " } },
    { roles: "FLPPPPPPPP", locks: { a: "  wwwwww  ", b: "        w " } },
  ]),
);
const finding: Finding = {
  rule: "lock-contention",
  mechanism: "",
  identity: "lock-contention|a|f.ts|f",
  score: 30,
  scoreInterval: { low: 20, high: 40 },
  metric: "throughput",
  subject: "a",
  sentence: "Lock a is wanted.",
  advice: "",
  page: "docs/findings/lock-contention.md",
  remedies: [],
  site: undefined,
  related: [],
  threads: [],
  intervals: [],
};

const sentences = (budget: Parameters<typeof passedBudgets>[2], findings = [finding]): string[] =>
  passedBudgets(drawn, findings, budget).map(({ sentence }) => sentence);

const share = (lock: string): number =>
  100 * (drawn.hotspots.find((each) => each.lock === lock)?.share ?? 0);

describe("budget", () => {
  it("is kept by a run that is within it, and by any without limits", () => {
    assert.deepEqual(sentences({}), []);
    assert.deepEqual(sentences({ score: 30, p99: 1, lockWait: 100 }), []);
  });

  it("names the score that passes it, by rule or for all", () => {
    assert.match(
      sentences({ score: 29.9 }).join(),
      /score of lock-contention is 30\.0, budget 29\.9/,
    );
    assert.equal(sentences({ score: { "lock-contention": 30, "*": 0 } }).length, 0);
    assert.equal(sentences({ score: { deadlock: 0, "*": 10 } }).length, 1);
    assert.equal(sentences({ score: { deadlock: 0 } }).length, 0);
    assert.equal(sentences({ score: 0 }, []).length, 0);
  });

  it("names the event type whose p99 passes it", () => {
    const [row] = drawn.latency;
    assert.ok(row !== undefined && row.total.p99 > 0);
    const millis = row.total.p99 / 1e6;
    const passed = sentences({ p99: { [row.handler]: millis * 0.9 } });
    assert.equal(passed.length, 1);
    assert.ok(passed[0]?.startsWith(`p99 of ${row.handler} is `));
    assert.deepEqual(sentences({ p99: { [row.handler]: millis } }), []);
    assert.deepEqual(sentences({ p99: { other: 0 } }), []);
  });

  it("names a lock, or all together", () => {
    assert.ok(share("a") > share("b") && share("b") > 0);
    assert.equal(sentences({ lockWait: share("a") }).length, 1);
    assert.match(sentences({ lockWait: share("a") }).join(), /^waiting for all locks takes/);
    assert.equal(sentences({ lockWait: share("a") + share("b") + 1e-9 }).length, 0);
    const named = sentences({ lockWait: { a: 0, b: 100 } });
    assert.equal(named.length, 1);
    assert.match(named.join(), /^waiting for lock "a" takes/);
  });
});
