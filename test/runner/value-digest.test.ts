// Digests of results.

import assert from "node:assert/strict";
import { digestOf } from "../../src/runner/value-digest.ts";

describe("digest of a value", () => {
  const circle: Record<string, unknown> = { a: 1 };
  circle["self"] = circle;
  const ring: Record<string, unknown> = { a: 1, self: {} };
  const values: readonly unknown[] = [
    undefined,
    null,
    0,
    -0,
    Number.NaN,
    1,
    1n,
    "1",
    "",
    true,
    [],
    {},
    [1, [2]],
    [[1], 2],
    { a: 1, b: 2 },
    { a: 2, b: 1 },
    { a: undefined },
    new Date(5),
    5,
    new Map([["a", 1]]),
    new Set(["a", 1]),
    new Uint8Array([1, 2]),
    new Uint16Array([1, 2]),
    new Float64Array([1.5]),
    new Error("a"),
    new TypeError("a"),
    circle,
    ring,
    { kind: "completed", value: 1 },
    { kind: "failed", value: 1 },
    '{"a":1}',
    { a: 1 },
  ];

  it("tells all kinds of values apart", () => {
    const digests = values.map(digestOf);
    assert.equal(new Set(digests).size, values.length);
    assert.ok(digests.every((each) => Number.isSafeInteger(each) && each >= 0));
  });

  it("is the same for equal values, whatever the order of keys and the window of an array", () => {
    assert.equal(digestOf({ a: 1, b: [{ c: 2, d: 3 }] }), digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
    const wide = new Uint8Array([9, 1, 2, 9]);
    assert.equal(digestOf(wide.subarray(1, 3)), digestOf(new Uint8Array([1, 2])));
  });

  it("has no collision among many small values", () => {
    const digests = Array.from({ length: 100_000 }, (_, index) => digestOf({ n: index }));
    assert.equal(new Set(digests).size, digests.length);
  });
});
