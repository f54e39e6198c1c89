// The queue's depth by priority, from drawn traces.

import assert from "node:assert/strict";
import { analyze } from "../../src/analysis/analyze.ts";
import { queueRows } from "../../src/presentation/queue-table.ts";
import { outcomeCode } from "../../src/trace/outcome.ts";
import { drawTrace, type DrawnRecord } from "../support/draw-trace.ts";

describe("the queue by priority", () => {
  it("says how many of each waited at once and on average, the most urgent first", () => {
    // Events 1 to 4 are selected at 4, 8, 12 and 16; the urgent ones waited for 1, the others for 8.
    const report = analyze(
      drawTrace([{ roles: "LLLLPLLLPLLLPLLLPLLL" }], {
        priorityOf: (event) => (event % 2 === 0 ? 6 : 1),
        queued: (event) => (event % 2 === 0 ? 1 : 8),
      }),
    );
    const shown = report.queues.map(({ priority, events, deepest, mean, wait }) => [
      ...[priority, events, deepest, Number(mean.toFixed(3)), wait.max / 1000],
    ]);
    // From the first submission at 0 to the last selection at 16; event 1 was submitted at 0 and selected at 4.
    assert.deepEqual(shown, [
      [6, 2, 1, 0.125, 1],
      [1, 2, 1, 0.75, 8],
    ]);
    assert.equal(queueRows(report).length, 2);
  });

  it("counts one that is cancelled until then, one that still waits until the end, one that was refused never", () => {
    const extra: DrawnRecord[] = [
      { thread: 0, micros: 2, kind: "eventSubmitted", small: 3, a: 90 },
      { thread: 0, micros: 7, kind: "settled", small: outcomeCode.cancelled, a: 90 },
      { thread: 0, micros: 5, kind: "eventSubmitted", small: 3, a: 91 },
      { thread: 0, micros: 6, kind: "eventShed", small: 3, a: 92 },
    ];
    const { queues } = analyze(drawTrace([{ roles: "LLLLPLLLLL" }], { extra }));
    const waited = queues.find(({ priority }) => priority === 3);
    assert.deepEqual([waited?.events, waited?.deepest, waited?.wait.total], [2, 2, 10_000]);
  });

  it("is no table where all events have one priority", () => {
    const report = analyze(drawTrace([{ roles: "LPPLPPLPP" }]));
    assert.equal(report.queues.length, 1);
    assert.deepEqual(queueRows(report), []);
  });
});
