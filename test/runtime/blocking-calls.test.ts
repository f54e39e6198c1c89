// Which synchronous functions are watched: all of Node's, whatever version this is, and what may be watched of an odd module.

import assert from "node:assert/strict";
import childProcess from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import zlib from "node:zlib";
import fc from "fast-check";
import { watchBlockingCalls } from "../../src/runtime/watch/blocking-calls.ts";
import type { Watch } from "../../src/runtime/watch/watch.ts";

/** Outside of a turn, where calls go through. */
function watchOf(tellUnseen: Watch["tellUnseen"]): Watch {
  return { recorder: { all: true }, tellUnseen, currentTurn: () => 0 } as unknown as Watch;
}

/** What is told as unseen of a module, in the order of its names. */
function unseenOf(functions: object): string[] {
  const told: string[] = [];
  const watch = watchOf((what, _of, why) => {
    if (why !== undefined) told.push(`${what}: ${why}`);
  });
  watchBlockingCalls(watch, [{ name: "odd", functions, mayHang: false }]);
  return told;
}

/** A copy with the same kinds of properties: this process's own is left alone. */
function copyOf(module: object): Readonly<Record<string, unknown>> {
  return Object.create(null, Object.getOwnPropertyDescriptors(module)) as Record<string, unknown>;
}

describe("synchronous calls", () => {
  for (const [name, module] of Object.entries({ fs, zlib, crypto, childProcess })) {
    it(`are all watched on this Node: ${name}`, () => {
      const copy = copyOf(module);
      // Some are there by name only, such as lchmodSync on Linux.
      const names = Object.keys(copy).filter(
        (each) => each.endsWith("Sync") && typeof copy[each] === "function",
      );
      const before = names.map((each) => copy[each]);
      assert.deepEqual(unseenOf(copy), []);
      assert.ok(names.length > 0);
      for (const [index, each] of names.entries()) {
        assert.notEqual(copy[each], before[index], each);
      }
    });
  }

  it("keep what their function has besides: properties, and being a class", () => {
    class ThingSync {
      readonly made = true;
    }
    const readSync = Object.assign((value: number) => value + 1, { native: () => "native" });
    const functions = { readSync, ThingSync };
    assert.deepEqual(unseenOf(functions), []);
    assert.notEqual(functions.readSync, readSync);
    assert.equal(functions.readSync(1), 2);
    assert.equal(functions.readSync.native(), "native");
    assert.equal(functions.readSync.length, 1);
    const thing = new functions.ThingSync();
    assert.ok(thing.made && thing instanceof ThingSync);
  });

  it("are told as unseen where they stay as they were, and only they", () => {
    const property = fc.record({
      value: fc.constantFrom<unknown>(() => 1, 1, undefined),
      writable: fc.boolean(),
      configurable: fc.boolean(),
      enumerable: fc.boolean(),
    });
    const name = fc.constantFrom("aSync", "bSync", "cSync", "d", "Synced");
    fc.assert(
      fc.property(fc.dictionary(name, property), fc.boolean(), (properties, isFrozen) => {
        const module = Object.defineProperties({}, properties) as Readonly<Record<string, unknown>>;
        if (isFrozen) Object.freeze(module);
        const told = unseenOf(module);
        for (const [each, { value, enumerable }] of Object.entries(properties)) {
          const isCall = each.endsWith("Sync") && enumerable && typeof value === "function";
          const isReplaced = module[each] !== value;
          const isTold = told.includes(`${each}: it may not be changed`);
          assert.equal(isReplaced || isTold, isCall, each);
          assert.ok(!(isReplaced && isTold), each);
        }
      }),
    );
  });
});
