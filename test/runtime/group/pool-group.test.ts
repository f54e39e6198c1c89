// A group of pools: which pool gets an event, what becomes of it when that pool goes down, and what the group says of itself.

import assert from "node:assert/strict";
import type { GroupOptions, PoolGroup } from "../../../src/runtime/group/group-front.ts";
import { BalancedGroup } from "../../../src/runtime/group/pool-group.ts";
import { FakePool } from "../../support/fake-pool.ts";
import { seededRandom } from "../../../src/base/seeded-random.ts";
import { until } from "../../support/until.ts";

interface Scene {
  readonly group: PoolGroup;
  readonly pools: Readonly<Record<"a" | "b" | "c", FakePool>>;
  /** Milliseconds pass on the group's clock. */
  pass(millis: number): void;
}

const open: PoolGroup[] = [];

function scene(options: Partial<GroupOptions> = {}, names = ["a", "b", "c"] as const): Scene {
  const pools = { a: new FakePool(), b: new FakePool(), c: new FakePool() };
  let time = 0;
  const given = options.pools ?? names.map((name) => ({ name, pool: pools[name] }));
  const group = new BalancedGroup(
    { strategy: "round-robin", ...options, pools: given.map((each) => ({ ...each })) },
    { now: () => time, random: seededRandom(3) },
  );
  open.push(group);
  return {
    group,
    pools,
    pass: (millis) => {
      time += millis;
    },
  };
}

const submitted = ({ pools: { a, b, c } }: Scene): number[] => [
  a.submitted,
  b.submitted,
  c.submitted,
];

async function send(group: PoolGroup, count: number, more: object = {}): Promise<void> {
  for (let each = 0; each < count; each++) await group.submit({ payload: each, ...more });
}

describe("pool group", () => {
  afterEach(() => Promise.all(open.splice(0).map((group) => group.close())));

  it("spreads events over its pools and gives back what they return", async () => {
    const { group, ...rest } = scene();
    assert.equal(await group.submit({ payload: "one" }), "one");
    await send(group, 5);
    assert.deepEqual(submitted({ group, ...rest }), [2, 2, 2]);
  });

  it("gives an event that a broken pool never started to the next pool", async () => {
    const stage = scene();
    stage.pools.a.instant = false;
    const waiting = stage.group.submit({ payload: "x" });
    stage.pools.a.break("PoolBrokenError");
    assert.equal(await waiting, "x");
    assert.equal(stage.group.figures().pools[0]?.state, "down");
    await send(stage.group, 4);
    assert.equal(stage.pools.a.submitted, 1, "a down pool gets nothing");
  });

  it("fails an event that may have run, unless retries allow it again", async () => {
    for (const retries of [0, 1]) {
      const { group, pools } = scene({ retries });
      pools.a.instant = false;
      const waiting = group.submit({ payload: "x" });
      pools.a.break("PoolDiedError");
      if (retries === 0) await assert.rejects(waiting, { name: "PoolDiedError" });
      else assert.equal(await waiting, "x");
    }
  });

  it("passes a handler's error on, and keeps its pool", async () => {
    const { group, pools } = scene();
    pools.a.instant = false;
    const failed = group.submit({});
    pools.a.waiting[0]?.reject(new TypeError("bad payload"));
    await assert.rejects(failed, /bad payload/);
    assert.equal(group.figures().pools[0]?.state, "up");
  });

  it("says which pools are down when none is left", async () => {
    const { group, pools } = scene();
    for (const pool of Object.values(pools)) pool.break("PoolBrokenError");
    await assert.rejects(group.submit({}), {
      name: "NoPoolError",
      message: /a is down \(it fell over\); b is down .*; c is down/,
    });
  });

  it("drains a pool: nothing new, and done when what it had has settled", async () => {
    const { group, pools } = scene();
    pools.a.instant = false;
    const had = group.submit({ payload: 1 });
    let drained = false;
    const draining = group.drain("a").then(() => (drained = true));
    await send(group, 4);
    assert.deepEqual([pools.a.submitted, drained], [1, false]);
    pools.a.complete();
    await Promise.all([had, draining]);
    pools.a.instant = true;
    group.resume("a");
    await send(group, 3);
    assert.equal(pools.a.submitted, 2);
    await assert.rejects(group.drain("z"), /There is no pool "z" in the group; there is a, b, c\./);
  });

  it("gives a new pool its share only slowly", async () => {
    const stage = scene({ slowStartMillis: 10_000 }, ["a", "b", "c"]);
    stage.pass(20_000);
    const late = new FakePool();
    stage.group.add({ name: "late", pool: late });
    await send(stage.group, 400);
    const early = late.submitted;
    stage.pass(5000);
    await send(stage.group, 400);
    const middle = late.submitted - early;
    stage.pass(10_000);
    await send(stage.group, 400);
    const full = late.submitted - early - middle;
    assert.deepEqual([early < 20, middle > 30 && middle < 70, full], [true, true, 100]);
  });

  it("refuses when every pool is at its limit, and says so in a finding", async () => {
    const a = new FakePool();
    a.instant = false;
    const { group } = scene({ pools: [{ name: "a", pool: a, limit: 100 }] });
    const waiting = Array.from({ length: 100 }, () => group.submit({}));
    const refused = await Promise.allSettled(Array.from({ length: 150 }, () => group.submit({})));
    assert.ok(refused.every(({ status }) => status === "rejected"));
    await assert.rejects(group.submit({}), { name: "GroupFullError" });
    const finding = group.findings().find(({ rule }) => rule === "capacity-underestimated");
    assert.match(finding?.sentence ?? "", /151 of 251 events \(60 %\) were refused/);
    a.complete();
    await Promise.all(waiting);
  });

  it("limits each client by itself, and names the one that floods", async () => {
    const { group, pass } = scene({ rateLimit: { perSecond: 10 } });
    const results = await Promise.allSettled(
      Array.from({ length: 300 }, () => group.submit({ client: "loud" })),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 10);
    await send(group, 5, { client: "quiet" });
    await send(group, 5, { client: "calm" });
    pass(500);
    await send(group, 5, { client: "loud" });
    await assert.rejects(group.submit({ client: "loud" }), { name: "RateLimitError" });
    const finding = group.findings().find(({ rule }) => rule === "client-flooding");
    assert.equal(finding?.subject, "loud");
    assert.match(finding?.sentence ?? "", /97 % of 316 events.*refused 291 of them/);
  });

  it("fails one event, and not the group, for a strategy that throws or answers nonsense", async () => {
    const answers: unknown[] = [
      new Error("no idea"),
      undefined,
      { name: "a" },
      "b",
      Object.freeze({ name: "elsewhere" }),
    ];
    const { group } = scene({
      strategy: {
        name: "mine",
        choose: (_event, pools) => {
          const answer = answers.shift();
          if (answer instanceof Error) throw answer;
          return (answer === undefined && answers.length < 4 ? pools[0] : answer) as never;
        },
      },
    });
    await assert.rejects(
      group.submit({}),
      /^StrategyError: Strategy "mine" threw Error: no idea\.$/,
    );
    assert.equal(await group.submit({ payload: 1 }), 1);
    await assert.rejects(group.submit({}), /chose "a", which is none of the pools it was given/);
    await assert.rejects(group.submit({}), /chose b, which is none/);
    await assert.rejects(group.submit({}), { name: "StrategyError" });
    const [finding] = group.findings();
    assert.equal(finding?.rule, "strategy-failing");
    assert.match(finding?.sentence ?? "", /Strategy "mine" failed 4 of 5 events/);
  });

  it("takes a pool whose probe fails out, and back when it answers again", async () => {
    const { group, pools } = scene({
      health: { everyMillis: 2, withinMillis: 5, inARow: 2, probe: { payload: "probe" } },
    });
    pools.b.instant = false;
    await until("the pool is down", () => group.figures().pools[1]?.state === "down");
    assert.match(group.figures().pools[1]?.reason ?? "", /not answered within 5 ms/);
    pools.b.instant = true;
    await until("the pool is up", () => group.figures().pools[1]?.state === "up");
  });

  it("refuses what no group can be made of", () => {
    const a = { name: "a", pool: new FakePool() };
    for (const [options, message] of [
      [{ pools: [] }, /a group needs at least one pool/],
      [{ pools: [a, a] }, /There is a pool "a" in the group already/],
      [{ pools: [{ ...a, weight: 0 }] }, /weight of pool "a": 0 is not allowed/],
      [{ pools: [a], strategy: "least-conections" }, /Did you mean "least-connections"\?/],
      [{ pools: [a], strategy: "geographic" }, /"geographic" needs regions/],
      [{ pools: [a], rateLimit: { perSecond: -1 } }, /rateLimit.perSecond: -1 is not allowed/],
      [{ pools: [a], health: { inARow: 0 } }, /health.inARow: 0 is not allowed/],
    ] as const) {
      assert.throws(() => scene(options as unknown as GroupOptions), message);
    }
  });
});
