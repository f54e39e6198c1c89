// Whatever a handler throws or returns, and whatever is submitted, is that event's outcome alone: its thread lives, and the next
// event completes.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import fc from "fast-check";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";

const module = resolve("test/fixtures/handlers/odd-values.ts");

interface Row {
  readonly table: "errors" | "unsendable" | "values" | "thenables";
  readonly row: string;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

async function outcomeOf(promise: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/** What its submitter is told can be read and shown. */
function assertTold(outcome: Outcome, of: string): void {
  assert.ok("error" in outcome, `${of} is told`);
  const { error } = outcome;
  assert.ok(error instanceof Error, `${of} is told by an error`);
  for (const text of [error.name, error.message, error.stack])
    assert.equal(typeof text, "string", of);
  assert.ok(error.name.length > 0 && error.message.length < 25_000, `${of}: ${error.message}`);
  assert.doesNotThrow(() => String(error), of);
}

async function withPool(
  options: PoolOptions,
  body: (pool: ThreadPool, rows: Row[]) => Promise<void>,
) {
  const warnings: string[] = [];
  const pool = await startPool(options, { warning: (text) => void warnings.push(text) }, module);
  try {
    await body(pool, (await pool.submit({ type: "rows" })) as Row[]);
    assert.equal(pool.stats().recovery.count, 0, "no thread was lost");
  } finally {
    await pool.close({ pending: "cancel", withinMillis: 5000 });
  }
  assert.deepEqual(warnings, []);
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted);
}

for (const level of ["off", "all"] as const) {
  describe(`odd values, recorded at level ${level}`, () => {
    const options: PoolOptions = { threads: 1, level };

    it("are enough", () =>
      withPool(options, async (_pool, rows) => {
        const thrown = rows.length * 2;
        assert.ok(thrown >= 120, `${rows.length} rows`);
        await Promise.resolve();
      }));

    it("may be thrown", () =>
      withPool(options, async (pool, rows) => {
        for (const { table, row } of rows) {
          for (const type of ["throwSync", "throwLater"]) {
            const payload = { table, row, later: false };
            assertTold(await outcomeOf(pool.submit({ type, payload })), `${type} of ${row}`);
            assert.equal(await pool.submit({ type: "echo", payload: 1 }), 1, `after ${row}`);
          }
        }
        assert.equal(pool.counts().failed, rows.length * 2);
      }));

    it("may be returned", () =>
      withPool(options, async (pool, rows) => {
        let failed = 0;
        for (const { table, row } of rows) {
          for (const type of ["returnSync", "returnLater"]) {
            const outcome = await outcomeOf(
              pool.submit({ type, payload: { table, row, later: false } }),
            );
            if ("error" in outcome) {
              failed++;
              assertTold(outcome, `${type} of ${row}`);
            }
            if (table === "unsendable") assert.ok("error" in outcome, `${row} is refused`);
            assert.equal(await pool.submit({ type: "echo", payload: 1 }), 1, `after ${row}`);
          }
        }
        assert.equal(pool.counts().failed, failed, "what is rejected counts as failed");
      }));

    it("may be submitted by a handler, which is told what can't be sent", () =>
      withPool({ ...options, concurrentEvents: 4 }, async (pool, rows) => {
        for (const { table, row } of rows) {
          const payload = { table, row, later: false };
          const told = await pool.submit({ type: "submitInside", payload });
          if (table === "unsendable") assert.match(String(told), /^DataCloneError: payload/, row);
        }
      }));
  });
}

describe("a payload that can't be sent", () => {
  const refused: readonly [string, unknown, RegExp][] = [
    [
      "a function",
      { items: [0, 1, 2, { done: () => 1 }] },
      /^payload\.items\[3\]\.done is a function/,
    ],
    ["a symbol", Symbol("x"), /^payload is a symbol/],
    ["a key that is no name", { "a b": [() => 1] }, /^payload\["a b"\]\[0\] is a function/],
    ["a Map's key", new Map([[() => 1, 1]]), /^payload\.<key 0> is a function/],
    ["a Set's item", new Set([1, Symbol("x")]), /^payload\.<item 1> is a symbol/],
    [
      "a cause",
      new Error("x", { cause: { call: () => 1 } }),
      /^payload\.cause\.call is a function/,
    ],
    ["shared memory", { a: [new SharedArrayBuffer(8)] }, /^payload\.a\[0\] .*ctx\.shared/],
    ["a view of it", new Uint8Array(new SharedArrayBuffer(8)), /^payload .*ctx\.shared/],
    ["a proxy", { hidden: new Proxy({}, {}) }, /^payload\.hidden is a Proxy/],
    [
      "a getter that throws",
      Object.defineProperty({}, "a", {
        enumerable: true,
        get: () => {
          throw new RangeError("boom");
        },
      }),
      /^payload\.a can't be sent to another thread: RangeError: boom/,
    ],
  ];
  for (const [name, payload, message] of refused) {
    it(`is refused with its place and what it is: ${name}`, () =>
      withPool({ threads: 1 }, async (pool) => {
        const before = pool.counts().submitted;
        await assert.rejects(pool.submit({ type: "echo", payload }), {
          name: "DataCloneError",
          message,
        });
        assert.equal(pool.counts().submitted, before, "it was never accepted");
        assert.equal(await pool.submit({ type: "echo", payload: 1 }), 1);
      }));
  }

  it("is told by any request, whatever it is", () =>
    withPool({ threads: 1 }, (pool) =>
      fc.assert(
        fc.asyncProperty(oddRequest, async (request) => {
          const { submitted } = pool.counts();
          const outcome = await outcomeOf(pool.submit(request as never));
          assertTold(outcome, fc.stringify(request));
          assert.equal(pool.counts().submitted, submitted);
        }),
        { numRuns: 200 },
      ),
    ));
});

const odd = fc.oneof(
  fc.constantFrom<unknown>(Symbol("odd"), 1n, null, () => 1, [], {}, Number.NaN, -1, "nobody"),
  fc.anything({ withBigInt: true, withNullPrototype: true }).filter((value) => value !== undefined),
);

/** Always with one thing that is not allowed. */
const oddRequest = fc.oneof(
  odd.filter((value) => typeof value !== "object" || value === null || Array.isArray(value)),
  odd.filter((type) => type !== "echo").map((type) => ({ type, payload: 1 })),
  odd
    .filter((priority) => typeof priority !== "number" && priority !== null)
    .map((priority) => ({ type: "echo", priority })),
  odd
    .filter((deadline) => typeof deadline !== "number")
    .map((deadline) => ({ type: "echo", deadline })),
  odd
    .filter((key) => typeof key !== "number" && typeof key !== "string")
    .map((key) => ({ type: "echo", key })),
);
