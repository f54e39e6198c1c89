// Flat objects cross as they would as JSON, from any thread to any other.

import assert from "node:assert/strict";
import fc from "fast-check";
import { FlatObjects } from "../../src/runtime/payload/flat-object.ts";
import { shapeTableBytes } from "../../src/runtime/payload/shape-table.ts";

const room = 2048;

interface Side {
  readonly here: FlatObjects;
  readonly there: FlatObjects;
}

/** Two threads' views of one memory of two slabs. */
function bothSides(): Side {
  const slabs = Buffer.from(new SharedArrayBuffer(2 * room));
  const shapes = new SharedArrayBuffer(shapeTableBytes);
  return {
    here: new FlatObjects(slabs, room, shapes),
    there: new FlatObjects(slabs, room, shapes),
  };
}

/** What arrives; undefined when the object is not flat. */
function crossed({ here, there }: Side, value: object): object | undefined {
  const flat = here.pack(value);
  if (flat === undefined) return undefined;
  const bytes = here.write(flat, room);
  assert.ok(bytes <= flat.length, "the slab has room for what was promised");
  return there.read(room);
}

const plain = fc.dictionary(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: "binary", maxLength: 600 }),
  ),
  { maxKeys: 12, noNullPrototype: true },
);

describe("flat objects", () => {
  it("arrive as they were sent, fields in their order, or are left to JSON", () => {
    const side = bothSides();
    let flat = 0;
    fc.assert(
      fc.property(plain, (value) => {
        const arrived = crossed(side, value);
        if (arrived === undefined) return;
        flat++;
        assert.deepStrictEqual(arrived, value);
        assert.deepEqual(Object.keys(arrived), Object.keys(value));
      }),
    );
    assert.ok(flat > 20, `${flat} of 100 were flat`);
  });

  it("are none when JSON would say something else, or more", () => {
    const { here } = bothSides();
    const refused: object[] = [
      { nested: {} },
      { list: [1] },
      { nan: Number.NaN },
      { minusZero: -0 },
      { endless: Infinity },
      { nothing: undefined },
      { big: 1n },
      { call: () => 1 },
      { toJSON: 1 },
      { half: "\ud800" },
      { long: "x".repeat(room) },
      { wide: "€".repeat(700) },
      { a: "y".repeat(1500), b: "z".repeat(600) },
      Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`field${index}`, index])),
      [1, 2],
      new Date(0),
      new Map([["a", 1]]),
      Object.create({ inherited: 1 }) as object,
      JSON.parse('{ "__proto__": 1 }') as object,
    ];
    for (const value of refused) assert.equal(here.pack(value), undefined);
  });

  it("may fill a slab to the last byte", () => {
    const text = "x".repeat(room - 16);
    assert.deepEqual(crossed(bothSides(), { text }), { text });
    assert.equal(crossed(bothSides(), { text: `${text}x` }), undefined);
  });

  it("are a snapshot: what changes after the packing does not cross", () => {
    const { here, there } = bothSides();
    const value = { count: 1, name: "before" };
    const flat = here.pack(value);
    value.count = 2;
    value.name = "after";
    assert.ok(flat !== undefined);
    here.write(flat, 0);
    assert.deepEqual(there.read(0), { count: 1, name: "before" });
  });

  it("of one shape have one number, whoever met it first; when the table is full, further shapes are refused", () => {
    const { here, there } = bothSides();
    const first = here.pack({ a: 1, b: "x" });
    assert.equal(there.pack({ a: 2, b: "y" })?.shape.number, first?.shape.number);
    let shapes = 1;
    while (here.pack({ [`field${shapes}`]: 0 }) !== undefined) shapes++;
    assert.equal(shapes, 256);
    assert.equal(there.pack({ other: 0 }), undefined);
    assert.equal(there.pack({ a: 3, b: "z" })?.shape.number, first?.shape.number);
    assert.equal(there.pack({ another: 0 }), undefined);
  });

  it("refuse a shape whose names fill more than a place of the table", () => {
    const { here } = bothSides();
    assert.equal(here.pack({ [`a${"b".repeat(300)}`]: 1 }), undefined);
  });
});
