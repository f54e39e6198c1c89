// A continuation of a person's may keep its thread for as long as it likes: no event waits for it
// while another thread is idle, whether that one sleeps or waits at its own event loop. Each
// continuation here blocks until an event that is submitted meanwhile has run on another thread, so
// none ends before the limit unless somebody takes that event.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { analyze } from "../../src/analysis/analyze.ts";
import { promotions } from "../../src/runtime/promotion/protocols.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import { startTracedPool } from "../support/traced-pool.ts";
import { until } from "../support/until.ts";

const busyLoops = resolve("test/fixtures/handlers/busy-loops.ts");
const ownProtocol = pathToFileURL(resolve("test/fixtures/handlers/which.mjs"));

const threads = 4;

interface Round {
  /** How many threads have a continuation, of which so many block. */
  readonly parties: number;
  readonly blocking: number;
  readonly type: "waits" | "times" | "leaves";
}

interface Setting {
  readonly name: string;
  readonly options: PoolOptions;
  /** Each event has a key of its own. */
  readonly keyed?: boolean;
}

const oneLoop: Round = { parties: 1, blocking: 1, type: "waits" };
const suspended: readonly Round[] = [
  oneLoop,
  { parties: 1, blocking: 1, type: "times" },
  { parties: 2, blocking: 1, type: "waits" },
  { parties: 4, blocking: 1, type: "times" },
  { parties: 4, blocking: 3, type: "waits" },
  { parties: 3, blocking: 3, type: "waits" },
];
const leftover: readonly Round[] = [1, 2, 4].map((parties) => ({
  parties,
  blocking: Math.min(parties, threads - 1),
  type: "leaves",
}));

const several = { threads, concurrentEvents: 8 } as const;
const chosen: readonly Setting[] = [...promotions, ownProtocol].flatMap((promotion) =>
  (["eager", "barge", "on-demand"] as const).map((when) => ({
    name: `${promotion instanceof URL ? "own" : promotion}, ${when}`,
    options: { ...several, promotion, when },
  })),
);
const others: readonly Setting[] = [
  { name: "several handle sets", options: { ...several, handleSets: 2 }, keyed: true },
  { name: "hybrid association", options: { ...several, association: "hybrid" } },
  { name: "exclusive keys", options: { ...several, exclusiveKeys: true }, keyed: true },
  { name: "half-sync/half-async", options: { ...several, model: "half-sync-half-async" } },
  { name: "monitor object", options: { threads, model: "monitor-object" }, keyed: true },
];

async function play({ options, keyed }: Setting, rounds: readonly Round[]): Promise<void> {
  const { pool, end } = await startTracedPool(options, busyLoops);
  let key = 0;
  const send = (type: string, payload: unknown): Promise<unknown> =>
    pool.submit({ type, payload, ...(keyed === true ? { key: ++key } : {}) });
  for (const [round, { parties, blocking, type }] of rounds.entries()) {
    const turns = Array.from({ length: parties }, (_, index) =>
      send(type, { round, parties, blocks: index < blocking }),
    );
    if (type === "leaves") await Promise.all(turns);
    await send("goOn", { round });
    await until(`${blocking} blocked`, async () => (await send("blocked", { round })) === blocking);
    await send("visit", { round });
    const went = await Promise.all(turns);
    if (type !== "leaves")
      assert.deepEqual(
        went,
        went.map(() => true),
      );
  }
  const met = Array.from({ length: threads }, () =>
    send("leftover", { round: rounds.length, parties: threads }),
  );
  assert.deepEqual(
    await Promise.all(met),
    met.map(() => false),
  );
  await pool.close();
  assert.deepEqual(analyze(end()).breaches, []);
}

describe("a continuation that keeps its thread", () => {
  for (const setting of [...chosen, ...others]) {
    if (setting.options.concurrentEvents !== undefined) {
      it(`keeps no event from an idle thread: ${setting.name}`, async function () {
        this.timeout(120_000);
        await play(setting, suspended);
      });
    }
    it(`nor where it was left behind, one event a thread: ${setting.name}`, async function () {
      this.timeout(120_000);
      await play({ ...setting, options: { ...setting.options, concurrentEvents: 1 } }, leftover);
    });
  }
});
