// The pitfalls of load balancing, on drawn figures: each is found where it is, and nowhere else.

import assert from "node:assert/strict";
import type { GroupFigures, PoolFigures } from "../../../src/runtime/group/group-front.ts";
import { groupFindings } from "../../../src/runtime/group/group-findings.ts";

const pool = (name: string, more: Partial<PoolFigures> = {}): PoolFigures => ({
  name,
  state: "up",
  reason: "",
  weight: 1,
  region: undefined,
  inFlight: 4,
  events: 1000,
  completed: 996,
  failed: 0,
  full: 0,
  meanLatencyMillis: 2,
  meanInFlight: 4,
  ...more,
});

const figures = (more: Partial<GroupFigures> = {}): GroupFigures => ({
  strategy: "weighted-round-robin",
  seconds: 10,
  pools: [pool("a"), pool("b")],
  clients: [],
  submitted: 2000,
  limited: 0,
  full: 0,
  strategyFailures: 0,
  strategyFailure: "",
  unknownRegion: 0,
  ...more,
});

const client = (name: string, events: number) => ({ client: name, events, limited: 0 });

describe("findings of a group", () => {
  const cases: readonly (readonly [string, Partial<GroupFigures>, string, RegExp])[] = [
    [
      "misconfigured-weights",
      { pools: [pool("a", { weight: 2 }), pool("b", { weight: 2, meanLatencyMillis: 8 })] },
      "b",
      /"b" \(weight 2\) takes 8\.0 ms for an event, "a" \(weight 2\) 2\.0 ms/,
    ],
    [
      "one-pool-takes-all",
      { strategy: "mine", pools: [pool("a", { events: 1900 }), pool("b", { events: 100 })] },
      "a",
      /"a" took 95 % of 2000 events, though 2 pools are up and its weight means 50 %/,
    ],
    [
      "traffic-unlike-configuration",
      {
        strategy: "consistent-hash",
        pools: [pool("a", { events: 1500 }), pool("b", { events: 500 })],
      },
      "a",
      /meant to get 50 % by its weight and got 75 % of 2000 events/,
    ],
    [
      "traffic-unlike-configuration",
      { strategy: "geographic", unknownRegion: 300 },
      "",
      /15 % of 2000 events come from regions that the table does not have/,
    ],
    [
      "capacity-underestimated",
      { pools: [pool("a", { inFlight: 500, completed: 500 }), pool("b")] },
      "",
      /In 10 s 200 events\/s came and 150 events\/s settled: 504 wait/,
    ],
    [
      "no-fall-over-left",
      { pools: [pool("a"), pool("b", { state: "down", reason: "its process ended" })] },
      "a",
      /Only pool "a" is up: "b" is down \(its process ended\)/,
    ],
    [
      "client-flooding",
      { clients: [client("x", 1500), client("y", 300), client("z", 200)] },
      "x",
      /Client "x" sent 75 % of 2000 events, 5\.0 times as many as the next, "y"/,
    ],
  ];
  for (const [rule, more, subject, sentence] of cases) {
    it(`${rule}: ${sentence.source.slice(0, 40)}`, () => {
      const found = groupFindings(figures(more));
      assert.deepEqual(
        found.map((each) => [each.rule, each.subject]),
        [[rule, subject]],
      );
      assert.match(found[0]?.sentence ?? "", sentence);
      assert.notEqual(found[0]?.advice, "");
    });
  }

  it("finds nothing in a group that is well, or too young to tell", () => {
    assert.deepEqual(groupFindings(figures()), []);
    const young = [
      pool("a", { events: 30, completed: 30 }),
      pool("b", { events: 1, completed: 1 }),
    ];
    assert.deepEqual(groupFindings(figures({ pools: young, submitted: 31 })), []);
  });
});
