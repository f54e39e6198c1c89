// The ramp's verdict from its steps.

import assert from "node:assert/strict";
import { isPastKnee, rampText, type RampStep } from "../../src/presentation/ramp.ts";

const step = (offered: number, achieved: number, p99Millis: number): RampStep => ({
  offered,
  achieved,
  p50: 1e6,
  p99: p99Millis * 1e6,
  limit: "its threads were in handlers.",
});

describe("ramp", () => {
  const base = step(100, 100, 2);

  it("is past the knee where the p99 bends, or the workload gives no more", () => {
    assert.ok(!isPastKnee(step(200, 199, 9), base), "twice four times is no bend");
    assert.ok(isPastKnee(step(200, 90, 3), base));
    assert.ok(isPastKnee(step(200, 200, 11), base));
    assert.ok(!isPastKnee(step(200, 200, 4.9), step(100, 100, 0.2)), "nobody minds 4.9 ms");
  });

  it("names the rates on both sides of the knee, and the limit beyond it", () => {
    const text = rampText([base, step(200, 200, 3), step(400, 250, 90), step(300, 300, 4)]);
    assert.match(text, /bends between 300 and 400 events\/s \(p99 4\.0 ms, then 90\.0 ms\)/);
    assert.match(text, /Limit: its threads were in handlers\./);
  });

  it("says so when there is no knee, or only beyond it", () => {
    assert.match(rampText([base]), /No knee up to 100 events/);
    assert.match(rampText([step(100, 40, 900)]), /Even 100 events\/s is too much/);
  });
});
