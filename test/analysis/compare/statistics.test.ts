// The statistics of a comparison, on drawn figures and on simulated ones.

import assert from "node:assert/strict";
import { decide, measuredChange } from "../../../src/analysis/compare/decide.ts";
import { discoveries } from "../../../src/analysis/compare/false-discovery.ts";
import { pairedChange, signFlipP } from "../../../src/analysis/compare/paired-change.ts";
import { seededRandom } from "../../../src/base/seeded-random.ts";

/** Normal noise (Box-Muller), the same for the same seed. */
function noise(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const pairsOf = (count: number, draw: () => number): number[] =>
  Array.from({ length: count }, draw);

describe("statistics of a comparison", () => {
  it("counts sign flips as by hand", () => {
    // Of 8 flips of three distinct values two are as extreme as all of one sign.
    assert.equal(signFlipP([1, 2, 3]), 2 / 8);
    assert.equal(signFlipP([-1, -2, -3]), 2 / 8);
    // Rank sums of 1 and less: {} and {1}, at both ends.
    assert.equal(signFlipP([-1, 2, 3]), 4 / 8);
    // A zero has no sign; the ranks that are left are 2 and 3.
    assert.equal(signFlipP([0, 2, 3]), 2 / 4);
    // Ties share the middle rank: of four equal values, all with one sign.
    assert.equal(signFlipP([1, 1, 1, 1]), 2 / 16);
    assert.equal(signFlipP([]), 1);
  });

  it("gives the middle of the pairs and an interval that inverts the test", () => {
    const values = [0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17];
    const { estimate, low, high, p } = pairedChange(values, 0.98);
    assert.ok(Math.abs(estimate - 0.135) < 1e-12);
    assert.equal(p, 2 / 256);
    // 98 % of 256 flips leave two and a half at each end: the two lowest averages are left out.
    assert.ok(Math.abs(low - 0.105) < 1e-12);
    assert.ok(Math.abs(high - 0.165) < 1e-12);
    const shifted = values.map((value) => value - low + 1e-9);
    assert.ok(signFlipP(shifted) <= 0.04);
  });

  it("claims no interval from too few pairs", () => {
    const { low, high } = pairedChange([0.1, 0.2, 0.3], 0.98);
    assert.deepEqual([low, high], [-Infinity, Infinity]);
    assert.equal(decide([9, 9, 9, 9, 9, 9, 9], "higher", 0.05).kind, "could-not-tell");
  });

  it("says changed of at most 5 % of 200 comparisons of a version with itself", () => {
    for (const seed of [1, 2, 3]) {
      const draw = noise(seed);
      const changed = pairsOf(200, () => 0).filter(() =>
        // One block in ten is disturbed grossly, as on a machine that others use.
        ["better", "worse"].includes(
          decide(
            pairsOf(12, () => draw() * (draw() > 1.28 ? 0.5 : 0.03)),
            "higher",
            0.05,
          ).kind,
        ),
      );
      assert.ok(changed.length <= 10, `${changed.length} of 200, seed ${seed}`);
    }
  });

  it("covers the truth with its interval 98 times in 100", () => {
    const draw = noise(4);
    let covered = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const { low, high } = measuredChange(pairsOf(12, () => 0.08 + draw() * 0.05));
      if (low <= Math.expm1(0.08) && Math.expm1(0.08) <= high) covered++;
    }
    assert.ok(covered >= 965, `${covered} of 1000`);
  });

  it("sees the smallest visible change about four times in five", () => {
    for (const pairs of [8, 12, 24]) {
      const draw = noise(pairs);
      const widths = pairsOf(
        200,
        () => measuredChange(pairsOf(pairs, () => draw() * 0.05)).visible,
      );
      const visible = Math.log1p(widths.reduce((sum, width) => sum + width, 0) / 200);
      let seen = 0;
      for (let trial = 0; trial < 400; trial++) {
        const logs = pairsOf(pairs, () => visible + draw() * 0.05);
        if (decide(logs, "higher", 0.01).kind === "better") seen++;
      }
      assert.ok(seen >= 280 && seen <= 396, `${seen} of 400 with ${pairs} pairs`);
    }
  });

  it("takes a rise for better or worse as the metric is", () => {
    const rises = pairsOf(8, noise(5)).map((value) => 0.5 + value * 0.01);
    assert.equal(decide(rises, "higher", 0.05).kind, "better");
    assert.equal(decide(rises, "lower", 0.05).kind, "worse");
  });

  it("says no difference only inside the margin, and could not tell otherwise", () => {
    const draw = noise(6);
    const quiet = pairsOf(16, () => draw() * 0.01);
    assert.equal(decide(quiet, "higher", 0.05).kind, "no-difference");
    const loud = pairsOf(16, () => draw() * 0.3);
    const told = decide(loud, "higher", 0.05);
    assert.equal(told.kind, "could-not-tell");
    assert.ok(told.change.visible > 0.05);
  });

  it("never says no difference when the versions differ by the margin, but 5 times in 100", () => {
    const draw = noise(7);
    let wrong = 0;
    for (let trial = 0; trial < 400; trial++) {
      const logs = pairsOf(16, () => Math.log1p(0.05) + draw() * 0.04);
      if (decide(logs, "higher", 0.05).kind === "no-difference") wrong++;
    }
    assert.ok(wrong <= 32, `${wrong} of 400`);
  });

  it("believes of many tests those of Benjamini and Hochberg", () => {
    // Their step-up: 0.039 is above its own line of 0.03, but the fourth's 0.04 covers it.
    assert.deepEqual(discoveries([0.001, 0.008, 0.039, 0.0399, 0.2], 0.05), [
      true,
      true,
      true,
      true,
      false,
    ]);
    assert.deepEqual(discoveries([0.04, 0.5, 0.9], 0.05), [false, false, false]);
    assert.deepEqual(discoveries([], 0.05), []);
  });
});
