// A library whose locks are known, in a version that nobody has met: whatever it exports goes on as it would unwatched.

import assert from "node:assert/strict";
import fc from "fast-check";
import { knownLibraries, type KnownLibrary } from "../../src/runtime/loader/known-libraries.ts";
import { watchedLibraries } from "../../src/runtime/watch/foreign-libraries.ts";
import type { Watch } from "../../src/runtime/watch/watch.ts";

/** Outside of a turn nothing is recorded: only what is asked there has to be there. */
function outsideTurns(tellUnseen: Watch["tellUnseen"]): Watch {
  const sites = { marked: () => 0, captured: () => 0 };
  return { tellUnseen, sites, currentTurn: () => 0, now: () => 0n } as unknown as Watch;
}

const throws = (): never => {
  throw new Error("not this version");
};

const methods = ["acquire", "release", "getValue", "tryAcquire", "nrWaiting", "sched", "use"];

/** A class with some of the methods that are looked for, of any type, closed in some way. */
const classes = fc
  .record({
    members: fc.dictionary(
      fc.constantFrom(...methods),
      fc.constantFrom<unknown>(
        () => "given",
        async () => "given",
        throws,
        undefined,
        1,
        null,
      ),
    ),
    close: fc.constantFrom((owner: object) => owner, Object.freeze, Object.seal),
    getters: fc.boolean(),
  })
  .map(({ members, close, getters }) => {
    const Odd = function (this: object | undefined): void {
      if (this !== undefined) Object.assign(this, { members });
    };
    for (const [name, value] of Object.entries(members)) {
      const property = getters ? { get: () => value } : { value, writable: true };
      Object.defineProperty(Odd.prototype, name, { ...property, configurable: true });
    }
    close(Odd.prototype);
    return Odd;
  });

const closedProxy = new Proxy(function () {}, { get: throws, ownKeys: throws });
const makers = fc.constantFrom<unknown>(
  () => undefined,
  () => 5,
  () => ({}),
  async () => 1,
  () => closedProxy,
);

const exported = fc.oneof(
  classes,
  makers,
  fc.constantFrom<unknown>(undefined, null, 1, "text", {}, closedProxy, Object.create(null)),
  fc.dictionary(
    fc.constantFrom("default", "Mutex", "Semaphore", "Sema"),
    fc.oneof(classes, makers),
  ),
  fc.constant(new Proxy({}, { get: throws, ownKeys: throws })),
);

function call(value: unknown): unknown {
  try {
    return (value as () => unknown)();
  } catch (error) {
    return String(error);
  }
}

function what(value: unknown): string {
  return value instanceof Promise ? "a promise" : typeof value;
}

describe("a library in a version that nobody has met", () => {
  it("is passed on, with functions that give what they gave; nothing throws", () => {
    fc.assert(
      fc.property(fc.constantFrom(...knownLibraries), exported, (library: KnownLibrary, value) => {
        const wrap = watchedLibraries(outsideTurns(() => undefined));
        const wrapped = wrap(library, value);
        assert.equal(typeof wrapped, typeof value);
        if (typeof value !== "function" || value === closedProxy) return;
        assert.equal(what(call(wrapped)), what(call(value)));
        const prototype: unknown = value.prototype;
        if (typeof prototype !== "object" || prototype === null) return;
        const made: unknown = Reflect.construct(wrapped as new () => object, []);
        for (const method of methods) {
          const before = call(() =>
            (Reflect.get(Object.create(prototype) as object, method) as () => unknown)(),
          );
          const after = call(() => (Reflect.get(made as object, method) as () => unknown)());
          assert.equal(what(after), what(before), method);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
