// What the panel says beyond the report's figures: findings with their gain and evidence, events among their kind, what is in
// view, and what the timeline knows before it draws.

import assert from "node:assert/strict";
import type { Finding } from "../../src/analysis/report.ts";
import { eventParts, eventRows } from "../../src/presentation/event-details.ts";
import { eventTable } from "../../src/presentation/event-table.ts";
import { findingRow } from "../../src/presentation/finding-row.ts";
import { rangeFigures } from "../../src/presentation/timeline/range-figures.ts";
import { sliceAt } from "../../src/presentation/timeline/slice-at.ts";
import { headOf, timelineOf } from "../../src/presentation/timeline/timeline.ts";
import type { TimelineHead } from "../../src/protocol/timeline.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { drawTrace } from "../support/draw-trace.ts";

const drawn = (): Trace =>
  drawTrace([
    { roles: "LLPPPPPPLL", locks: { hot: "   hhhh   " } },
    { roles: "FFLPPPPPPF", locks: { hot: "    wwwhh " } },
  ]);

const headOfTrace = (trace: Trace): TimelineHead => headOf(timelineOf(trace), trace, 1);

const replaced = (thread: number, micros: number) =>
  ({ thread, micros, kind: "handlerReplaced", b: 0, c: 7 }) as const;

const finding: Finding = {
  rule: "lock-contention",
  mechanism: "hold-across-await",
  identity: "lock-contention|hot|handlers.ts|place",
  score: 31.4,
  scoreInterval: { low: 28, high: 36.6 },
  metric: "throughput",
  subject: "hot",
  sentence: 'Lock "hot" keeps 2 of 2 threads waiting.',
  advice: "Do less while it is held.",
  page: "docs/findings/lock-contention.md",
  remedies: [{ kind: "move-out-of-lock" }],
  site: { file: "src/handlers.ts", line: 3, column: 9, function: "place" },
  related: [],
  threads: [1, 99],
  intervals: [
    { start: 4000, end: 7000 },
    { start: 8000, end: 8000 },
  ],
};

describe("a finding in the panel", () => {
  const row = findingRow(finding, headOfTrace(drawn()));

  it("says what removing it would save, with the interval and of what", () => {
    assert.equal(row.gain, "about 31 % of throughput (28 to 37 %)");
    assert.deepEqual([row.low, row.severity], [0.28, "severe"]);
  });

  it("has its evidence as places on the timeline, and only threads that have a lane", () => {
    assert.deepEqual(
      row.evidence.map(({ text }) => text),
      ["at 4.0 µs, for 3.0 µs", "at 8.0 µs"],
    );
    assert.equal(row.threads.length, 1);
  });

  it("is told in words, and its fix by what it does", () => {
    assert.deepEqual([row.rule, row.mechanism], ["lock contention", "hold across await"]);
    assert.equal(row.fix, "Move work out of the lock");
    const configured = findingRow(
      { ...finding, remedies: [{ kind: "configuration", key: "threads", value: 8 }] },
      headOfTrace(drawn()),
    );
    assert.equal(configured.fix, "Set threads to 8");
    assert.equal(findingRow({ ...finding, remedies: [] }, headOfTrace(drawn())).fix, "");
  });
});

describe("an event in the panel", () => {
  const trace = drawn();
  const table = eventTable(trace);
  const head = headOfTrace(trace);

  it("has parts that add up to the whole, its wait for a lock among them", () => {
    const parts = eventParts(table, 2);
    const whole = parts.reduce((sum, { share }) => sum + share, 0);
    assert.ok(Math.abs(whole - 1) < 1e-9, String(whole));
    assert.equal(parts.find(({ tone }) => tone === "lockWait")?.text, "3.0 µs");
  });

  it("is set among the events of its own handler", () => {
    const inAll = eventRows({ table, head }, 2).find(({ label }) => label === "in all");
    assert.match(inAll?.value ?? "", /the slowest of all|slower than/);
    assert.deepEqual(eventRows({ table, head }, 99), []);
  });
});

describe("the timeline's head", () => {
  it("has no leader where the model has none", () => {
    assert.equal(headOfTrace(drawn()).isLed, true);
    const other = drawTrace([{ roles: "LLPPPPPPLL" }], { header: { model: "monitor-object" } });
    assert.equal(headOfTrace(other).isLed, false);
  });

  it("knows of marks and spans, which are rows of their own", () => {
    assert.equal(headOfTrace(drawn()).isMarked, false);
    const trace = drawTrace([{ roles: "LLPPPPPPLL", locks: { hot: "   hhhh   " } }], {
      strings: ["step"],
      extra: [
        { thread: 1, micros: 4, kind: "spanStarted", turn: 1, a: 1, b: 1 },
        { thread: 1, micros: 6, kind: "spanEnded", turn: 1, a: 1, b: 1 },
      ],
    });
    assert.equal(headOfTrace(trace).isMarked, true);
    const timeline = timelineOf(trace);
    const at = (row: "span" | "held"): string | undefined =>
      sliceAt(timeline, { lane: 0, time: 5000, row })?.state;
    assert.deepEqual([at("span"), at("held")], ["span", "lockHeld"]);
  });

  it("carries the names that slices and marks show, however many there are and however large their numbers", () => {
    const trace = drawTrace([{ roles: "LLPPPPPPLL", locks: { hot: "  whhh   " } }], {
      strings: ["unused", "step", "mark"],
      extra: [
        { thread: 1, micros: 4, kind: "spanStarted", turn: 1, a: 2, b: 1 },
        { thread: 1, micros: 6, kind: "spanEnded", turn: 1, a: 2, b: 1 },
        { thread: 1, micros: 7, kind: "mark", turn: 1, a: 3 },
      ],
    });
    const more = Array.from({ length: 1000 }, (_, each) => each);
    const tables = {
      ...trace.tables,
      strings: [...trace.tables.strings, ...more.map((each) => `text ${each}`)],
      locks: [
        ...trace.tables.locks,
        ...more.map((each) => ({
          index: 2 ** 16 + each,
          name: `wait ${each}`,
          kind: "foreign" as const,
        })),
      ],
    };
    const { locks, strings } = headOfTrace({ ...trace, tables });
    assert.deepEqual([locks, strings], [{ 0: "hot" }, { 2: "step", 3: "mark" }]);
  });

  it("marks once where a handler was replaced, though each thread says so", () => {
    const trace = drawTrace([{ roles: "LLPPPPPPLL" }, { roles: "FFFFFFFFFF" }], {
      extra: [replaced(1, 5), replaced(2, 6)],
    });
    assert.deepEqual(headOfTrace(trace).changes, [{ time: 5000, text: "work replaced" }]);
  });

  it("marks where the pool was configured anew, which no lane has", () => {
    const trace = drawTrace([{ roles: "LLPPPPPPLL" }], {
      strings: ["queue priority"],
      extra: [{ thread: 0, micros: 4, kind: "mark", a: 1 }],
    });
    assert.deepEqual(headOfTrace(trace).changes, [{ time: 4000, text: "queue priority" }]);
    assert.equal(headOfTrace(trace).isMarked, false);
  });
});

describe("what is in view", () => {
  it("tells of each thread apart, a follower as idle", () => {
    const { lanes } = rangeFigures(timelineOf(drawn()), 4000, 7000);
    assert.deepEqual(
      lanes.map(({ parts }) => parts.map(({ tone, text }) => `${tone} ${text}`)),
      [["handler 100 %"], ["lockWait 100 %"]],
    );
    const [, second] = rangeFigures(timelineOf(drawn()), 0, 2000).lanes;
    assert.deepEqual(second?.parts, []);
  });
});
