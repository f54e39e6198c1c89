// Threads as the operating system sees them: on which processors they may run, and what they are called.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseProcessors } from "../../src/base/processor-list.ts";
import { checkAffinity, placeOrder } from "../../src/runtime/supervisor/affinity.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

describe("placement", () => {
  it("reads lists of processors as Linux writes them", () => {
    assert.deepEqual(parseProcessors("0,2-3\n"), [0, 2, 3]);
    assert.deepEqual(parseProcessors("3, 1-2,2"), [1, 2, 3]);
    for (const text of ["", "1-", "3-2", "a", "1,,2", "0-99999"]) {
      assert.equal(parseProcessors(text), undefined, text);
    }
  });

  it("refuses what is no affinity", () => {
    assert.throws(
      () => checkAffinity("wide"),
      /^RangeError: affinity: "wide" is not allowed; give none, spread, compact, or processors/,
    );
    assert.deepEqual(checkAffinity("1,0"), { kind: "list", processors: [0, 1] });
  });

  it("fills a core after the other when compact, and takes packages in turn when spread", () => {
    // Two packages of two cores of two processors, numbered as Linux often does: second ones last.
    const places = [0, 1, 2, 3, 4, 5, 6, 7].map((processor) => ({
      processor,
      package: (processor >> 1) & 1,
      core: processor & 1,
    }));
    assert.deepEqual(placeOrder("compact", places), [0, 4, 1, 5, 2, 6, 3, 7]);
    assert.deepEqual(placeOrder("spread", places), [0, 2, 1, 3, 4, 6, 5, 7]);
  });

  // What another system can't do it says; there is nothing more to see there.
  if (process.platform !== "linux") {
    it("says that it has no effect here", async () => {
      const { pool, warnings } = await placedPool({ affinity: "spread" });
      assert.match(warnings.join(), /affinity has no effect: only Linux/);
      await pool.close();
    });
    return;
  }

  const allowed = parseProcessors(fieldOf(process.pid, "Cpus_allowed_list")) ?? [];

  it("calls each thread by its seat", async () => {
    const { pool, ids } = await placedPool({ threads: 2 });
    assert.deepEqual([...ids.values()].map(nameOf).sort(), ["pool-1", "pool-2"]);
    await pool.close();
    const front = await placedPool({ threads: 1, model: "half-sync-half-async" });
    assert.deepEqual([...front.ids.values()].map(nameOf).sort(), ["pool-1", "pool-front"]);
    await front.pool.close();
  });

  for (const affinity of ["spread", "compact"]) {
    it(`gives each thread one processor, and others to others: ${affinity}`, async () => {
      const { pool, ids, warnings } = await placedPool({ threads: 3, affinity });
      const isPlaced = (): boolean => listsOf(ids).every((list) => /^\d+$/.test(list));
      await until(() => `one processor each: ${told({ ids, warnings })}`, isPlaced);
      const given = listsOf(ids);
      assert.equal(new Set(given).size, Math.min(3, allowed.length));
      assert.deepEqual(warnings, []);
      await pool.close();
    });
  }

  it("gives all threads the list, and those that come in place of dead ones", async () => {
    const [first = 0] = allowed;
    const { pool, ids, warnings } = await placedPool({ threads: 2, affinity: `${first}` });
    const placed = (): Promise<void> =>
      until(
        () => `two threads on processor ${first}: ${told({ ids, warnings })}`,
        () => listsOf(ids).length === 2 && listsOf(ids).every((list) => list === `${first}`),
      );
    await placed();
    const before = [...ids.values()];
    await assert.rejects(pool.submit({ type: "die" }));
    await until("another thread", () => ![...ids.values()].every((id) => before.includes(id)));
    await placed();
    const main = fieldOf(process.pid, "Cpus_allowed_list");
    assert.deepEqual(parseProcessors(main), allowed, "the main thread stays where it was");
    await pool.close();
  });

  it("goes on without processors that this process may not use, and says so", async () => {
    const none = await placedPool({ affinity: "4000" });
    assert.match(none.warnings.join(), /^affinity has no effect: this process may use .* only\./);
    assert.equal(await none.pool.submit({ type: "echo", payload: 1 }), 1);
    await none.pool.close();
    const some = await placedPool({ affinity: `${allowed[0]},4000` });
    assert.match(some.warnings.join(), /^affinity: processors 4000 are left out/);
    await some.pool.close();
  });

  it("goes on without taskset, and says so once", async () => {
    const { PATH } = process.env;
    process.env["PATH"] = "/nowhere";
    try {
      const { pool, warnings } = await placedPool({ threads: 3, affinity: "spread" });
      assert.equal(await pool.submit({ type: "echo", payload: 1 }), 1);
      await pool.close();
      assert.equal(warnings.length, 1);
      assert.match(
        warnings.join(),
        /^affinity has no effect: the program "taskset" \(package util/,
      );
    } finally {
      process.env["PATH"] = PATH;
    }
  });
});

interface PlacedPool {
  readonly pool: ThreadPool;
  /** The operating system's, by seat: those of the threads that came last. */
  readonly ids: ReadonlyMap<number, number>;
  readonly warnings: readonly string[];
}

async function placedPool(options: PoolOptions): Promise<PlacedPool> {
  const ids = new Map<number, number>();
  const warnings: string[] = [];
  const pool = await startPool(options, {
    thread: ({ index, osThreadId }) => void ids.set(index, osThreadId),
    warning: (text) => {
      if (text.startsWith("affinity")) warnings.push(text);
    },
  });
  return { pool, ids, warnings };
}

/** The processors of each thread. */
function listsOf(ids: ReadonlyMap<number, number>): readonly string[] {
  return [...ids.values()].map((id) => fieldOf(id, "Cpus_allowed_list").trim());
}

function told({ ids, warnings }: Omit<PlacedPool, "pool">): string {
  return JSON.stringify({ ids: [...ids], lists: listsOf(ids), warnings });
}

function nameOf(id: number): string {
  return readFileSync(`/proc/self/task/${id}/comm`, "utf8").trim();
}

/** Empty once the thread is gone. */
function fieldOf(id: number, field: string): string {
  try {
    const status = readFileSync(`/proc/self/task/${id}/status`, "utf8");
    return new RegExp(`^${field}:\\s*(.+)$`, "m").exec(status)?.[1] ?? "";
  } catch {
    return "";
  }
}
