// What ctx hands out is safe to keep: a lock belongs to the turn that asks for it, whoever's ctx it came from, over awaits, in
// timers, in listeners, and after the turn. Additions that are not atomic show a lock that two have.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import fc from "fast-check";
import { modelNames } from "../../src/runtime/models/model-named.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { codeOf, type EventKind } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { startPool } from "../support/start-pool.ts";
import { startTracedPool } from "../support/traced-pool.ts";
import { until } from "../support/until.ts";

const module = resolve("test/fixtures/handlers/kept.ts");

const locks = ["mutex", "fair", "write", "stripe", "permit", "condition"] as const;
const places = ["nowhere", "local", "module", "closure"] as const;
const awaits = ["microtask", "immediate", "timer"] as const;

/** Where a step's code is called from; what is called after its turn holds its lock as nobody's. */
const withinTurn = ["handler", "handler", "emitter", "timer"] as const;
const anywhere = [...withinTurn, "afterwards"] as const;

const stepFrom = (from: readonly string[]) =>
  fc
    .record({
      lock: fc.constantFrom(...locks),
      kept: fc.constantFrom(...places),
      taken: fc.constantFrom("run", "runAsync", "acquireAsync", "tryAcquire"),
      from: fc.constantFrom(...from),
      awaits: fc.array(fc.constantFrom(...awaits), { maxLength: 3 }),
      first: fc.constantFrom("nothing", ...awaits),
    })
    // Nobody can tell whose permit a thread waits for, so none that its own turn holds: blocking there would never end.
    .map((each) =>
      each.lock === "permit" && each.taken.startsWith("run")
        ? { ...each, taken: "acquireAsync" }
        : each,
    );
const eventsFrom = (from: readonly string[]) =>
  fc.array(
    fc.oneof(
      fc.record({
        type: fc.constantFrom("steps", "promised"),
        payload: fc.array(stepFrom(from), { maxLength: 4 }),
      }),
      fc.record({
        type: fc.constant("sync"),
        payload: fc.record({
          lock: fc.constantFrom("mutex", "fair", "write", "stripe"),
          kept: fc.constantFrom(...places),
        }),
      }),
    ),
    { minLength: 1, maxLength: 60 },
  );

/** A blocking acquire in a handler that does not await may fail where another turn of its thread has the lock. */
const byDesign = /blocking here would never end|DeadlockError/;

interface Seen {
  readonly sums: readonly number[];
  readonly added: readonly number[];
  readonly goesOn: number;
}

/** For each thread one, in every model: a thread that sleeps runs no timers of turns that are over. */
function look(pool: ThreadPool): Promise<readonly Seen[]> {
  const keys = Array.from({ length: 8 }, (_, key) => key);
  return Promise.all(keys.map((key) => pool.submit({ type: "look", key }) as Promise<Seen>));
}

async function settle(pool: ThreadPool, program: readonly object[]): Promise<readonly string[]> {
  const reasons: string[] = [];
  let open = program.length;
  let looks = 0;
  program.forEach((event, index) => {
    void pool
      .submit({ ...event, key: index % 5 })
      .catch((error: unknown) => reasons.push(String(error)))
      .finally(() => open--);
  });
  await until("every event settles", () => {
    if (looks === 0) {
      looks++;
      void look(pool).finally(() => looks--);
    }
    return open === 0;
  });
  return reasons;
}

async function quiet(pool: ThreadPool): Promise<Seen> {
  let seen: Seen | undefined;
  await until("what goes on after its turn ends", async () => {
    [seen] = await look(pool);
    return seen?.goesOn === 0;
  });
  return seen ?? assert.fail();
}

async function excludes(options: PoolOptions, program: readonly object[]): Promise<void> {
  const pool = await startPool(options, {}, module);
  const reasons = await settle(pool, program);
  assert.deepEqual(
    reasons.filter((reason) => !byDesign.test(reason)),
    [],
  );
  const { sums, added } = await quiet(pool);
  assert.deepEqual(sums, added, "additions were lost");
  assert.deepEqual(await pool.submit({ type: "held" }), [], "locks are left held");
  await pool.close();
  const { submitted, settled } = pool.counts();
  assert.equal(settled, submitted);
}

describe("what ctx hands out may be kept", () => {
  for (const concurrentEvents of [1, 8]) {
    for (const lock of locks) {
      it(`${lock}, ${concurrentEvents} at a time: kept in a class, no addition is lost`, async () => {
        const slow = { taken: "acquireAsync", awaits: ["immediate"], first: "microtask" };
        const payload = [{ ...slow, lock, kept: "local", from: "handler" }];
        const program = Array.from({ length: 200 }, () => ({ type: "steps", payload }));
        await excludes({ threads: 2, concurrentEvents }, program);
      });
    }
  }

  for (const type of ["letGo", "sync"]) {
    it(`by handlers that begin to, or to await, after many events: ${type}`, async () => {
      const slow = { taken: "acquireAsync", awaits: ["immediate"], first: "microtask" };
      const payload = [{ ...slow, lock: "mutex", kept: "module", from: "timer" }];
      const before = { type, payload: { lock: "mutex", kept: "nowhere" } };
      const program = [
        ...Array.from({ length: 1100 }, () => before),
        ...Array.from({ length: 100 }, () => ({ type: "promised", payload })),
      ];
      await excludes({ threads: 1, concurrentEvents: 8 }, program);
    });
  }

  for (const model of modelNames) {
    for (const level of ["off", "scheduling", "locks", "all"] as const) {
      it(`${model}, level ${level}: whatever keeps them and wherever they are used`, async () => {
        // A turn has its object's monitor while it asks for a lock: code that outlived its turn, in a thread that blocks for
        // that monitor, would never give the lock back.
        const hasMonitors = model === "monitor-object";
        const most = hasMonitors ? [1] : [1, 3, 16];
        const events = eventsFrom(hasMonitors ? withinTurn : anywhere);
        await fc.assert(
          fc.asyncProperty(events, fc.constantFrom(...most), async (program, concurrentEvents) => {
            await excludes({ threads: 2, model, level, concurrentEvents }, program);
          }),
          // What fails once by chance of the machine would be shrunk for minutes, and leave a pool each time.
          { numRuns: 4, endOnFailure: true },
        );
      }).timeout(120_000);
    }
  }

  it("a wait that its turn did not await rejects once the turn is over, and the lock is given back", async () => {
    const warnings: string[] = [];
    const options = { threads: 1, concurrentEvents: 4 };
    const pool = await startPool(options, { warning: (text) => void warnings.push(text) }, module);
    const holder = pool.submit({ type: "holds" });
    await pool.submit({ type: "abandons" });
    await pool.submit({ type: "letGo" });
    await holder;
    const came = await pool.submit({ type: "came" });
    assert.match(String(came), /"mutex" came after the handler that asked for it had ended/);
    assert.deepEqual(await pool.submit({ type: "held" }), []);
    assert.equal(warnings.length, 1);
    await pool.close();
  });

  it("a lock that its turn left is taken back, and who releases it later is not to blame", async () => {
    for (const concurrentEvents of [1, 4]) {
      const pool = await startPool({ threads: 1, concurrentEvents }, {}, module);
      await pool.submit({ type: "leaves" });
      assert.equal(await pool.submit({ type: "came" }), "it had the lock");
      assert.deepEqual(await pool.submit({ type: "held" }), []);
      await pool.close();
    }
  });

  it("parties meet at a barrier that was kept, of one thread and of two", async () => {
    for (const threads of [1, 2]) {
      const pool = await startPool({ threads, concurrentEvents: 8 }, {}, module);
      const met = await Promise.all(
        Array.from({ length: 40 }, () => pool.submit({ type: "meet" })),
      );
      assert.equal(met.filter((isLast) => isLast === true).length, 20);
      await pool.close();
    }
  });

  it("the signal stays its own event's", async () => {
    const pool = await startPool({ threads: 1, concurrentEvents: 2 }, {}, module);
    await pool.submit({ type: "aborted", payload: false });
    for (let event = 0; event < 10; event++) {
      const cancel = new AbortController();
      const { signal } = cancel;
      const settled = pool.submit({ type: "aborted", payload: true }, { signal }).catch(String);
      const runs = async (): Promise<boolean> => {
        const { sums } = (await pool.submit({ type: "look" })) as Seen;
        return sums[0] === 1;
      };
      await until("the event runs", runs);
      cancel.abort();
      await settled;
      // Whoever cancels is told at once; the turn goes on until it has seen it.
      await until("the turn has ended", async () => !(await runs()));
      assert.equal(await pool.submit({ type: "aborted", payload: false }), false);
    }
    const { sums } = (await pool.submit({ type: "look" })) as Seen;
    assert.equal(sums[1], 0, "it was aborted with a later event");
    await pool.close();
  });

  it("what a kept ctx records is the running turn's", async () => {
    const { pool, end } = await startTracedPool({ threads: 1, concurrentEvents: 4 }, module);
    await pool.submit({ type: "records", payload: "first" });
    const together = ["second", "third"].map((payload) => ({ type: "records", payload }));
    await Promise.all(together.map((event) => pool.submit(event)));
    await pool.close();
    const trace = end();
    for (const kind of ["spanStarted", "spanEnded", "lockAcquired"] as const) {
      assert.deepEqual(turnsOf(trace, kind), [1, 2, 3], kind);
    }
  });
});

function turnsOf(trace: Trace, kind: EventKind): readonly number[] {
  const turns = trace.threads.flatMap(({ events }) =>
    Array.from({ length: events.length }, (_, at) => at)
      .filter((at) => events.code[at] === codeOf(kind))
      .map((at) => events.turn[at] ?? 0),
  );
  return turns.sort((one, other) => one - other);
}
