// Which followers are on their way, from the promotions and changes of role that a trace has.

import assert from "node:assert/strict";
import { onTheirWay } from "../../src/analysis/promotions.ts";

const promoted = (at: number, to: number) => ({ at, to, together: false });

describe("followers on their way", () => {
  const roleTimes = new Map([
    [1, [50, 90]],
    [2, [70]],
  ]);

  it("are so from their promotion until their next change of role", () => {
    const promotions = [promoted(10, 1), promoted(60, 1), promoted(65, 2), promoted(80, -1)];
    assert.deepEqual(onTheirWay({ spans: [], promotions, roleTimes }), [
      { thread: 1, start: 10, end: 50 },
      { thread: 1, start: 60, end: 90 },
      { thread: 2, start: 65, end: 70 },
    ]);
  });

  it("are one for all promotions without a change of role between them", () => {
    const promotions = Array.from({ length: 10_000 }, (_, index) => promoted(index / 250, 1));
    assert.deepEqual(onTheirWay({ spans: [], promotions, roleTimes }), [
      { thread: 1, start: 0, end: 50 },
    ]);
  });
});
