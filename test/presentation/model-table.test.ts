// The panel's table of concurrency models: what each row claims, and that it says of each model what docs/models.md says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { modelTable } from "../../src/presentation/model-table.ts";
import { modelPurposes } from "../../src/presentation/model-words.ts";
import type { ModelComparison, ModelRow } from "../../src/protocol/model-comparison.ts";

const row: ModelRow = {
  model: "active-object",
  threads: 4,
  throughput: 12_345.6,
  p50: 850_000,
  p99: 3.1e6,
  cpuPerEvent: 45_000,
  switchesPerEvent: 0.8,
  handOffsPerEvent: 0.3,
  lockWait: 0.61,
  failed: 0,
  against: {
    throughput: { verdict: "better", estimate: 0.12, low: 0.1, high: 0.14 },
    p99: { verdict: "worse", estimate: 0.3, low: 0.2, high: 0.4 },
  },
  differing: [],
  fits: true,
  note: "",
  trace: "/runs/active-object.pooltrace",
};

function rowOf(changes: Partial<ModelRow>): ReturnType<typeof modelTable>["rows"][number] {
  const comparison: ModelComparison = {
    version: 1,
    module: "/work/accounts.ts",
    rounds: 8,
    eventsPerBlock: 700,
    openRate: 900,
    rows: [{ ...row, ...changes }],
    sentence: "Active Object fits this workload.",
    remarks: [],
  };
  return modelTable(comparison).rows[0] ?? assert.fail();
}

describe("table of concurrency models", () => {
  it("has figures with units, and the interval of what is faster and slower", () => {
    const { throughput, p99, cpuPerEvent, lockWait, against, againstP99, fits } = rowOf({});
    assert.deepEqual(
      [throughput, p99, cpuPerEvent, lockWait],
      ["12,346", "3.1 ms", "45.0 µs", "61 %"],
    );
    assert.deepEqual(against, { verdict: "faster", interval: "+10 % to +14 %" });
    assert.deepEqual(againstP99, { verdict: "slower", interval: "+20 % to +40 %" });
    assert.ok(fits);
  });

  it("claims nothing of what could not be told, and nothing of Leader/Followers against itself", () => {
    const change = { verdict: "could-not-tell", estimate: 0.5, low: -0.3, high: 2 } as const;
    const { against, againstP99 } = rowOf({ against: { throughput: change, p99: undefined } });
    assert.deepEqual(against, { verdict: "could-not-tell", interval: "−30 % to +200 %" });
    assert.equal(againstP99, undefined);
    assert.equal(rowOf({ against: undefined }).against, undefined);
  });

  it("tells no speed of handlers that give other results, and says which they are", () => {
    const { against, notes } = rowOf({ differing: ["add"], failed: 1, note: "one event a thread" });
    assert.equal(against?.verdict, "results-differ");
    assert.deepEqual(notes, [
      "add gave other results than under Leader/Followers.",
      "1 event failed.",
      "One event a thread.",
    ]);
  });

  it("says of each model what docs/models.md says", () => {
    const page = readFileSync("docs/models.md", "utf8");
    for (const purpose of Object.values(modelPurposes)) assert.ok(page.includes(purpose), purpose);
  });
});
