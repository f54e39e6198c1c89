// What watches leaves alone what it can't replace: objects of every kind that an owner of functions may turn out to be.

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  replaceFunction,
  replaceTogether,
  type AnyFunction,
} from "../../src/runtime/watch/replace-function.ts";

const original = (): string => "original";
const wrap =
  (call: AnyFunction): AnyFunction =>
  () =>
    `watched ${String(call())}`;

const throws = (): never => {
  throw new Error("not to be looked at");
};

/** A property of any kind; `undefined` is none at all. */
const properties: fc.Arbitrary<PropertyDescriptor | undefined> = fc.oneof(
  fc.record({
    value: fc.constantFrom<unknown>(original, URL, undefined, null, 1, "text", {}),
    writable: fc.boolean(),
    enumerable: fc.boolean(),
    configurable: fc.boolean(),
  }),
  fc.record({
    get: fc.constantFrom<() => unknown>(() => original, throws),
    enumerable: fc.boolean(),
    configurable: fc.boolean(),
  }),
  fc.constant(undefined),
);

const closings = [
  (owner: object) => owner,
  Object.freeze,
  Object.seal,
  Object.preventExtensions,
] as const;

const lies: Readonly<Record<string, ProxyHandler<object>>> = {
  none: {},
  "throws when looked at": { getOwnPropertyDescriptor: throws },
  "throws when changed": { defineProperty: throws },
  "refuses changes": { defineProperty: () => false },
  "says yes and does nothing": { defineProperty: () => true },
  "hides everything": { getOwnPropertyDescriptor: () => undefined },
  "throws always": new Proxy({}, { get: throws }),
};

function ownerOf(
  property: PropertyDescriptor | undefined,
  close: (owner: object) => object,
  lie: string,
): { readonly plain: object; readonly owner: object } {
  const plain = {};
  if (property !== undefined) Object.defineProperty(plain, "call", property);
  close(plain);
  return { plain, owner: lie === "plain" ? plain : new Proxy(plain, lies[lie] ?? {}) };
}

const owners = fc
  .tuple(properties, fc.constantFrom(...closings), fc.constantFrom("plain", ...Object.keys(lies)))
  .map(([property, close, lie]) => ownerOf(property, close, lie));

describe("a function that is watched", () => {
  it("is replaced, or left as it was with the reason, whatever its owner is; nothing throws", () => {
    fc.assert(
      fc.property(owners, ({ plain, owner }) => {
        const before = Object.getOwnPropertyDescriptor(plain, "call");
        const why = replaceFunction(owner, "call", wrap);
        const after = Object.getOwnPropertyDescriptor(plain, "call");
        if (why === undefined) {
          assert.deepEqual({ ...after, value: undefined }, { ...before, value: undefined });
          const { value } = after ?? {};
          assert.equal(typeof value, "function");
          if (before?.value === original)
            assert.equal((value as AnyFunction)(), "watched original");
        } else assert.deepEqual(after, before);
      }),
      { numRuns: 2000 },
    );
  });

  it("is replaced where it is read-only and may be redefined, as zlib's createZipArchiveSync of Node 26", () => {
    const owner = {};
    Object.defineProperty(owner, "call", { value: original, configurable: true });
    assert.equal(replaceFunction(owner, "call", wrap), undefined);
    assert.equal((owner as { call(): string }).call(), "watched original");
    assert.equal(Object.getOwnPropertyDescriptor(owner, "call")?.writable, false);
  });

  it("is left alone where what would take its place can't be made", () => {
    const owner = { call: original };
    assert.equal(replaceFunction(owner, "call", throws), "it throws an error");
    assert.equal(owner.call, original);
  });

  it("stays as it was where another that belongs to it can't be replaced", () => {
    fc.assert(
      fc.property(properties, properties, (first, second) => {
        const owner = {};
        if (first !== undefined) Object.defineProperty(owner, "first", first);
        if (second !== undefined) Object.defineProperty(owner, "second", second);
        const before = Object.getOwnPropertyDescriptors(owner);
        const why = replaceTogether(owner, { first: wrap, second: wrap });
        if (why !== undefined) assert.deepEqual(Object.getOwnPropertyDescriptors(owner), before);
      }),
    );
  });
});
