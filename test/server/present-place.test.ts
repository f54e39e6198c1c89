// A site of a recorded run in the text as it is now.

import assert from "node:assert/strict";
import { presentPlace } from "../../src/server/present-place.ts";

const recorded = `function first() {
  return 1;
}

export const handler = (event, ctx) => {
  const guard = ctx.mutex("a").acquire();
  guard.release();
};
`;

/** The acquire stands on line 6, column 32. */
const place = (present: string) => presentPlace("a.ts", recorded, present, 6, 32);

describe("a site's present place", () => {
  it("is where it was while the text is what ran, up to the statement's end", () => {
    assert.deepEqual(place(recorded), {
      kind: "here",
      place: { line: 5, character: 31, endCharacter: 40 },
    });
  });

  it("moves with its function", () => {
    const moved = place(`// one\n// two\n${recorded}`);
    assert.deepEqual([moved.kind, moved.place.line], ["here", 7]);
    const up = place(recorded.replace("function first() {\n  return 1;\n}\n\n", ""));
    assert.deepEqual([up.kind, up.place.line], ["here", 1]);
  });

  it("does not mind changes elsewhere", () => {
    assert.equal(place(recorded.replace("return 1", "return 2")).kind, "here");
  });

  it("is stale once its function differs", () => {
    assert.equal(place(recorded.replace("guard.release();", "guard.release() ;")).kind, "stale");
    assert.equal(place("").kind, "stale");
  });

  it("takes the nearest of equal functions", () => {
    const twice = `${recorded}\n${recorded}`;
    assert.equal(place(twice).place.line, 5);
  });
});
