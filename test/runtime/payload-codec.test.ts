// What arrives of a value, against structuredClone, whichever way it takes: field by field, as JSON, as bytes or as V8's.

import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { createPoolMemory, type PoolMemory } from "../../src/runtime/memory/pool-memory.ts";
import { toError } from "../../src/runtime/payload/error-transfer.ts";
import { encodeValue } from "../../src/runtime/payload/payload-codec.ts";
import { loadPayload, storePayload } from "../../src/runtime/payload/payload-store.ts";
import { toPlainError } from "../../src/runtime/payload/read-error.ts";

const memory: PoolMemory = createPoolMemory({
  ...{ seats: 1, capacity: 1, sharedBytes: 64 },
  payloadBytes: 1 << 20,
});

function arrived(value: unknown): unknown {
  assert.ok(storePayload(memory, 0, encodeValue(value, memory.flat)));
  return loadPayload(memory, 0);
}

const anything = fc
  .anything({
    ...{ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withSet: true },
    ...{ withTypedArray: true, withSparseArray: true, withNullPrototype: true },
    ...({ withUnicodeString: false, stringUnit: "binary" } as const),
    maxDepth: 4,
  })
  // No two invalid dates are equal to Node 20's assert: they have a test of their own.
  .filter((value) => !inspect(value, { depth: null }).includes("Invalid Date"));

/** A value with some of its parts in it twice, or in a circle. */
const withAliases = fc
  .tuple(fc.array(anything, { minLength: 1, maxLength: 4 }), fc.nat())
  .map(([parts, seed]) => {
    const value: Record<string, unknown> = { parts, again: parts[seed % parts.length] };
    if (seed % 3 === 0) value["self"] = value;
    if (seed % 5 === 0) parts.push({ parts });
    return value;
  });

/** Where each object is first met and met again: equal for graphs of the same form. */
function form(value: unknown, met: object[] = [], found: number[] = []): readonly number[] {
  if (typeof value !== "object" || value === null) return found;
  const before = met.indexOf(value);
  found.push(before);
  if (before !== -1) return found;
  met.push(value);
  if (value instanceof Map || value instanceof Set) {
    for (const entry of [...(value as Iterable<unknown>)].flat()) form(entry, met, found);
  }
  for (const item of Object.values(value)) form(item, met, found);
  return found;
}

function nested(levels: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < levels; level++) value = { next: value };
  return value;
}

const crossed = (thrown: unknown): Error => toError(toPlainError(thrown));

describe("a payload or result", () => {
  it("arrives as structuredClone has it, whatever it is", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const expected = structuredClone(value);
        assert.deepStrictEqual(arrived(value), expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("may be an invalid date", () => {
    const date = arrived([new Date(Number.NaN)]) as readonly Date[];
    assert.ok(date[0] instanceof Date && Number.isNaN(date[0].getTime()));
  });

  it("keeps which parts are one and the same, and circles", () => {
    fc.assert(
      fc.property(withAliases, (value) => {
        const expected = structuredClone(value);
        const got = arrived(value);
        assert.deepStrictEqual(got, expected);
        assert.deepEqual(form(got), form(expected));
      }),
      { numRuns: 500 },
    );
  });

  const one = { a: 1 };
  const buffer = new ArrayBuffer(8);
  const table: readonly [string, unknown][] = [
    ["one object twice", [one, one]],
    [
      "one object twice, far apart",
      [one, ...Array.from({ length: 40 }, (_, index) => ({ index })), one],
    ],
    ["a list with a name", Object.assign([1, 2], { named: 3 })],
    ["the match of an expression", /b(?<c>c)/.exec("abc")],
    ["a list with holes", Object.assign([], { length: 5, 2: 1 })],
    [
      "a toJSON of its prototype",
      Object.create({ toJSON: () => "no" }, { a: { value: 1, enumerable: true } }),
    ],
    [
      "a list whose iterator is its own",
      Object.defineProperty([1, 2], Symbol.iterator, { value: 1 }),
    ],
    ["a field named __proto__", JSON.parse('{"__proto__": {"a": 1}, "b": 1}')],
    ["a boxed value", [Object("x"), Object(1n)]],
    ["a date", new Date(86_400_000)],
    ["an expression", /x/giu],
    [
      "views over one buffer",
      { buffer, bytes: new Uint8Array(buffer, 2, 3), view: new DataView(buffer, 1) },
    ],
    [
      "every kind of view",
      [new Float32Array([0.5]), new Uint8ClampedArray(2), new BigInt64Array(1)],
    ],
    ["half a character", { "\ud800": "\udfff" }],
    ["the class of an error", [new TypeError("typed"), new RangeError("range")]],
  ];
  for (const [name, value] of table) {
    it(`arrives as structuredClone has it: ${name}`, () => {
      const expected: unknown = structuredClone(value);
      const got = arrived(value);
      assert.deepStrictEqual(got, expected);
      assert.deepEqual(form(got), form(expected));
    });
  }

  it("has its views over one buffer still, and Buffers as Buffers", () => {
    const bytes = new Uint8Array(buffer, 2, 3);
    const got = arrived([bytes, new DataView(buffer), buffer, Buffer.from("b")]) as [
      Uint8Array,
      DataView,
      ArrayBuffer,
      Buffer,
    ];
    assert.equal(got[0].buffer, got[2]);
    assert.equal(got[1].buffer, got[2]);
    assert.equal(got[0].byteOffset, 2);
    assert.ok(Buffer.isBuffer(got[3]));
  });

  it("has only its own fields, though Object.prototype was given one", () => {
    const everything = Object.getPrototypeOf({}) as { added?: number };
    everything.added = 1;
    try {
      assert.ok(!Object.hasOwn(arrived({ a: 1 }) as object, "added"));
      assert.ok(!Object.hasOwn((arrived([{ a: [1] }]) as object[])[0] ?? {}, "added"));
    } finally {
      delete everything.added;
    }
  });

  it("may be 1,000 levels deep, whoever reads it", () => {
    assert.doesNotThrow(() => arrived(nested(1000)));
    assert.throws(() => encodeValue(nested(1002), memory.flat), /deeper than 1000 levels/);
  });
});

describe("an error on its way", () => {
  it("keeps its class, its cause and its own fields", () => {
    const error = Object.assign(new TypeError("typed", { cause: { reason: [1] } }), {
      ...{ code: "E_TYPED", status: 404, list: [1, new Date(0)], call: () => 1 },
    });
    const got = crossed(error) as typeof error;
    assert.ok(got instanceof TypeError);
    assert.deepEqual(Object.entries(got), [
      ["code", "E_TYPED"],
      ["status", 404],
      ["list", [1, new Date(0)]],
    ]);
    assert.deepEqual(got.cause, { reason: [1] });
    assert.equal(got.stack, error.stack);
  });

  it("keeps what it stands for", () => {
    const got = crossed(new AggregateError([new RangeError("one"), "two", 3], "several"));
    assert.ok(got instanceof AggregateError);
    assert.ok(got.errors[0] instanceof RangeError);
    assert.deepEqual(got.errors.slice(1), ["two", 3]);
  });

  it("is a DOMException still", () => {
    const got = crossed(new DOMException("stop", "AbortError"));
    assert.ok(got instanceof DOMException);
    assert.equal(got.name, "AbortError");
    assert.equal(got.code, 20);
  });

  it("has what was thrown for its cause, where that is no error", () => {
    const got = crossed({ code: 7 });
    assert.equal(got.message, "the handler threw { code: 7 }");
    assert.deepEqual(got.cause, { code: 7 });
  });

  it("can be told of anything", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (thrown) => {
        const got = crossed(thrown);
        assert.ok(got instanceof Error && got.message.length < 25_000);
      }),
      { numRuns: 500 },
    );
  });
});
