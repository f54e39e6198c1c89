// From measured pairs to the verdict that a person reads, on drawn blocks.

import assert from "node:assert/strict";
import {
  comparisonResult,
  type MeasuredComparison,
} from "../../src/presentation/comparison-result.ts";
import { comparisonText } from "../../src/presentation/comparison-text.ts";
import type { BlockPair, BlockPlan, VersionBlocks } from "../../src/protocol/block-pairs.ts";
import type { ComparedMetric, ComparisonResult } from "../../src/protocol/comparison.ts";
import type { BlockResult } from "../../src/protocol/run-messages.ts";

const events = 100;

interface Drawn {
  /** Nanoseconds that an event takes. */
  readonly each: number;
  readonly result?: number;
  /** Of another event's result, drawn anew in each pair. */
  readonly luck?: (pair: number) => number;
  readonly submitted?: number;
}

function block(
  { each, result = 1, luck = () => 2, submitted = 7 }: Drawn,
  pair: number,
): BlockResult {
  return {
    start: 0,
    end: each * events,
    p50: each,
    p99: 3 * each,
    failed: 0,
    quietCpuMicros: 0,
    cpuMicros: (each * events) / 2000,
    switches: 0,
    submitted,
    handlers: ["add", "luck"],
    handlerOf: Array.from({ length: events }, (_, index) => index % 2),
    results: Array.from({ length: events }, (_, index) => (index % 2 === 0 ? result : luck(pair))),
  };
}

function version(drawn: Drawn, pair: number): VersionBlocks {
  return { warmUp: [], blocks: [block(drawn, pair)], trace: "t" };
}

function compared(
  before: Drawn,
  after: Drawn,
  noise: (pair: number) => number,
  metric: ComparedMetric = "throughput",
  pairs = 10,
): ComparisonResult {
  const shape = { events, arrival: { kind: "closed", inFlight: 8 } } as const;
  const open = {
    events: 2000,
    arrival: { kind: "open", perSecond: 9, spacing: "poisson" },
  } as const;
  const plan: BlockPlan = {
    metric,
    pairs,
    blocks: 1,
    block: metric === "p99" ? open : shape,
    warmUp: shape,
  };
  const drawn = Array.from({ length: pairs }, (_, pair): BlockPair => ({
    first: "before",
    before: version(before, pair),
    after: version({ ...after, each: after.each * (1 + noise(pair)) }, pair),
  }));
  const measured = {
    plan,
    pairs: drawn,
    traces: drawn.map(() => ({ before: share(0.6), after: share(0.1) })),
    before: { label: "old", trace: "a" },
    after: { label: "new", trace: "b" },
    margin: 0.05,
    notes: ["A note."],
  } as MeasuredComparison;
  const result = comparisonResult(measured);
  assert.ok(result !== undefined);
  return result;
}

function share(lock: number): { lockWait: Record<string, number>; service: object } {
  return { lockWait: { ledger: lock, never: 0 }, service: {} };
}

/** Up and down in turn, never twice the same. */
const wobble =
  (size: number) =>
  (pair: number): number =>
    (pair % 2 === 0 ? size : -size) * (1 + pair / 100);

const luck = (pair: number): number => pair * 31;

describe("result of a comparison", () => {
  it("says how much faster, with interval, both figures and the number of pairs", () => {
    const result = compared({ each: 1e6 }, { each: 8e5 }, wobble(0.01));
    assert.equal(result.verdict, "faster");
    assert.match(
      result.sentence,
      /^25 % faster: 1,000 events\/s → 1,25\d events\/s \(98 % interval \+2\d % to \+2\d %, 10 pairs\)\.$/,
    );
    assert.equal(result.rows[0]?.tone, "better");
    assert.deepEqual(result.notes[0], "Both versions gave the same results: add, luck.");
    assert.ok(result.notes.includes("A note."));
  });

  it("says slower, and of a latency which way it went", () => {
    assert.equal(compared({ each: 1e6 }, { each: 2e6 }, wobble(0.01)).verdict, "slower");
    const p99 = compared({ each: 1e6 }, { each: 2e6 }, wobble(0.01), "p99");
    assert.match(p99.sentence, /^Slower: p99 100 % longer: 3\.0 ms → 6\.0 ms \(/);
    assert.match(
      compared({ each: 2e6 }, { each: 1e6 }, wobble(0.01), "p50").sentence,
      /^Faster: p50 50 % shorter/,
    );
    const waits = compared({ each: 1e6 }, { each: 1e6 }, wobble(0), "lock-wait");
    assert.match(
      waits.sentence,
      /^Less waiting for locks: 60 % of thread time → 10 % of thread time/,
    );
  });

  it("says that there is no difference only inside the margin", () => {
    const same = compared({ each: 1e6 }, { each: 1e6 }, wobble(0.01));
    assert.equal(same.verdict, "no-difference");
    assert.match(same.sentence, /^No difference beyond 5\.0 %: throughput/);
  });

  it("could not tell when it is loud, and says what it would have seen", () => {
    const loud = compared({ each: 1e6 }, { each: 1e6 }, wobble(0.3));
    assert.equal(loud.verdict, "could-not-tell");
    assert.match(loud.sentence, /^Could not tell: .*; a change of \d+ % would have been seen\.$/);
    const few = compared({ each: 1e6 }, { each: 5e5 }, wobble(0.01), "throughput", 4);
    assert.equal(few.verdict, "could-not-tell");
  });

  it("puts other results before any speed, but not those of chance", () => {
    const differ = compared({ each: 1e6 }, { each: 5e5, result: 9 }, wobble(0.01));
    assert.equal(differ.verdict, "results-differ");
    assert.match(
      differ.sentence,
      /^Results differ: add gives other results for 100 % of the same events\. \(Apart from that: 100 % faster/,
    );
    const chance = compared(
      { each: 1e6, luck },
      { each: 5e5, luck: (pair) => luck(pair) + 1 },
      wobble(0.01),
    );
    assert.equal(chance.verdict, "faster");
    assert.match(chance.notes.join(" "), /Results of luck depend on chance.*100 % of them/);
  });

  it("compares no results when the events were not the same", () => {
    const result = compared({ each: 1e6 }, { each: 1e6, result: 9, submitted: 8 }, wobble(0.01));
    assert.equal(result.verdict, "no-difference");
    assert.match(result.notes.join(" "), /gave other events each time it ran/);
  });

  it("marks other figures only beyond false discoveries, and claims no p99 of few events", () => {
    const result = compared({ each: 1e6 }, { each: 1e6 }, wobble(0.01));
    const tones = new Map(result.rows.map(({ label, tone }) => [label, tone]));
    assert.equal(tones.get('Waiting for lock "ledger"'), "better");
    assert.equal(tones.get("Median latency"), "plain");
    assert.equal(tones.get("Processor time for an event"), "plain");
    assert.ok(!tones.has("p99 latency"));
  });

  it("prints the verdict first", () => {
    const result = compared({ each: 1e6 }, { each: 5e5 }, wobble(0.01));
    const lines = comparisonText(result, false).split("\n");
    assert.equal(lines[0], result.sentence);
    assert.ok(lines.includes("before  old") && lines.includes("after   new"));
    assert.ok(
      lines.some((each) => /^Throughput +1,000 events\/s +2,0\d\d events\/s +\+/.test(each)),
    );
  });
});
