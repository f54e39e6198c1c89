// Each strategy's choices, on pools that are plain data.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { BalancingStrategy, PoolView } from "../../../src/runtime/group/group-front.ts";
import { consistentHash } from "../../../src/runtime/group/strategies/consistent-hash.ts";
import { dynamicRoundRobin } from "../../../src/runtime/group/strategies/dynamic-round-robin.ts";
import { geographic } from "../../../src/runtime/group/strategies/geographic.ts";
import { leastConnections } from "../../../src/runtime/group/strategies/least-connections.ts";
import { powerOfTwoChoices } from "../../../src/runtime/group/strategies/power-of-two-choices.ts";
import { roundRobin } from "../../../src/runtime/group/strategies/round-robin.ts";
import { weightedRoundRobin } from "../../../src/runtime/group/strategies/weighted-round-robin.ts";
import { seededRandom } from "../../../src/base/seeded-random.ts";

const pool = (name: string, more: Partial<PoolView> = {}): PoolView => ({
  name,
  weight: 1,
  region: undefined,
  inFlight: 0,
  latencyMillis: 0,
  ...more,
});

const order = (strategy: BalancingStrategy, pools: readonly PoolView[], count: number): string =>
  Array.from({ length: count }, () => strategy.choose({}, pools).name).join("");

describe("balancing strategies", () => {
  it("round robin: one after the other", () => {
    assert.equal(order(roundRobin(), [pool("a"), pool("b"), pool("c")], 7), "abcabca");
  });

  it("weighted round robin: smooth, in the order of its inventor's example", () => {
    const pools = [pool("a", { weight: 5 }), pool("b"), pool("c")];
    assert.equal(order(weightedRoundRobin(), pools, 14), "aabacaaaabacaa");
  });

  it("dynamic round robin: a pool half as fast gets half the share, a stuck one a twentieth", () => {
    const pools = [
      pool("a", { latencyMillis: 2 }),
      pool("b", { latencyMillis: 4 }),
      pool("c", { latencyMillis: 1e6 }),
    ];
    const chosen = order(dynamicRoundRobin(), pools, 155);
    const count = (name: string): number => chosen.split(name).length - 1;
    assert.deepEqual([count("a"), count("b"), count("c")], [100, 50, 5]);
  });

  it("least connections: the fewest in flight for the weight, ties in turn", () => {
    const busy = [pool("a", { inFlight: 3 }), pool("b", { inFlight: 7, weight: 4 })];
    assert.equal(order(leastConnections(), busy, 2), "bb");
    assert.equal(order(leastConnections(), [pool("a"), pool("b")], 4), "abab");
  });

  it("power of two choices: never the fuller of its two, and every pair is drawn", () => {
    const pools = [0, 5, 9].map((inFlight, index) => pool("abc"[index] ?? "", { inFlight }));
    const chosen = order(powerOfTwoChoices(seededRandom(7)), pools, 3000);
    const count = (name: string): number => chosen.split(name).length - 1;
    assert.equal(count("c"), 0, "the fullest loses to either");
    // a wins two of the three pairs.
    assert.ok(Math.abs(count("a") - 2000) < 150, `${count("a")}`);
  });

  it("geographic: the nearest region that has a pool, anywhere for the unknown", () => {
    const regions = { europe: ["america"], asia: ["europe", "america"] };
    const strategy = geographic(regions);
    const all = [pool("e", { region: "europe" }), pool("u", { region: "america" })];
    const from = (region: string, pools: readonly PoolView[]): string =>
      strategy.choose({ region }, pools).name;
    assert.equal(from("asia", all), "e");
    assert.equal(from("asia", all.slice(1)), "u", "falls over to the next");
    assert.equal(from("europe", [pool("x", { region: "oceania" })]), "x");
    assert.equal(
      from("moon", [pool("e", { region: "europe", inFlight: 9 }), ...all.slice(1)]),
      "u",
    );
  });

  it("consistent hash: shares by weight, and a pool that comes or goes moves no key among the others", () => {
    const strategy = consistentHash();
    const keys = Array.from({ length: 6000 }, (_, index) => `client ${index}`);
    const place = (pools: readonly PoolView[]): string[] =>
      keys.map((key) => strategy.choose({ key }, pools).name);
    const four = ["a", "b", "c", "d"].map((name) => pool(name));
    const before = place(four);
    const after = place([...four, pool("e")]);
    const moved = keys.filter((_, index) => before[index] !== after[index]).length;
    assert.ok(after.every((name, index) => name === "e" || name === before[index]));
    assert.ok(Math.abs(moved - 6000 / 5) < 130, `${moved} keys moved; a fifth is 1200`);
    const heavy = place([pool("a", { weight: 3 }), pool("b")]);
    assert.ok(Math.abs(heavy.filter((name) => name === "a").length - 4500) < 150);
  });

  it("every strategy chooses among the pools that it is given", () => {
    const view = fc.record({
      inFlight: fc.nat(20),
      weight: fc.double({ min: 0.1, max: 10, noNaN: true }),
      latencyMillis: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e5, noNaN: true })),
      region: fc.constantFrom(undefined, "europe", "asia"),
    });
    const random = seededRandom(1);
    const makers = [
      roundRobin,
      weightedRoundRobin,
      dynamicRoundRobin,
      leastConnections,
      consistentHash,
      () => geographic({ europe: ["asia"] }),
      () => powerOfTwoChoices(random),
    ];
    fc.assert(
      fc.property(fc.array(view, { minLength: 1, maxLength: 6 }), fc.string(), (views, key) => {
        const pools = views.map((each, index) => ({ name: `p${index}`, ...each }));
        for (const make of makers) {
          assert.ok(pools.includes(make().choose({ key, region: "europe" }, pools) as never));
        }
      }),
    );
  });
});
