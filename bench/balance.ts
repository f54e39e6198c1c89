// `npm run bench -- balance`: the group with each of its strategies before four pools of one thread, events coming at random at 70 %
// of what they can do: equal pools, one pool half as fast, and keys of which few make most of the traffic. Spread and tail
// beside what queueing theory says. The pools are simulated in virtual time (simulated-pools.ts): each figure is of many
// thousand events and the same on any machine. Last, what a group costs an event, on real pools.

import { resolve } from "node:path";
import { seededRandom } from "../src/base/seeded-random.ts";
import type { StrategyName } from "../src/runtime/group/group-front.ts";
import { BalancedGroup } from "../src/runtime/group/pool-group.ts";
import { pool } from "../src/runtime/pool.ts";
import { atRandom, inTurn, ofTwo, oneQueue } from "./queueing.ts";
import { ratioOf } from "./ratio.ts";
import { SimulatedPool, VirtualClock } from "./simulated-pools.ts";

const events = 20_000;
const load = 0.7;
const names = ["a", "b", "c", "d"] as const;

/** Mean time from arrival to end; "unstable": a queue that only grows. */
type Theory = { readonly least: number; readonly most: number } | "stable" | "unstable";

interface Contender {
  readonly strategy: StrategyName;
  readonly theory: Theory;
  readonly weights?: readonly number[];
}

interface Scene {
  readonly title: string;
  /** How much longer each pool takes for an event. */
  readonly slowness: readonly number[];
  readonly keyOf: (event: number, random: () => number) => number;
  readonly contenders: readonly Contender[];
}

/** Of a simulated mean, from the one that theory gives. */
const tolerance = 0.1;
const about = (mean: number): Theory => ({
  least: mean * (1 - tolerance),
  most: mean * (1 + tolerance),
});
const least = oneQueue(load, names.length) * (1 - tolerance);
// The formula is for many pools; drawing two of four comes to between that and a round robin.
const twoOfFour: Theory = {
  least: ofTwo(load) * (1 - tolerance),
  most: inTurn(load, names.length),
};
const turn = about(inTurn(load, names.length));

const scenes: readonly Scene[] = [
  {
    title: "equal pools",
    slowness: [1, 1, 1, 1],
    keyOf: (event) => event,
    contenders: [
      { strategy: "round-robin", theory: turn },
      { strategy: "weighted-round-robin", theory: turn },
      // Weights that move are no better than even ones here, and no worse than chance.
      { strategy: "dynamic-round-robin", theory: { least, most: atRandom(load) } },
      { strategy: "consistent-hash", theory: about(atRandom(load)) },
      { strategy: "power-of-two-choices", theory: twoOfFour },
      { strategy: "least-connections", theory: { least, most: ofTwo(load) * (1 + tolerance) } },
      {
        strategy: "geographic",
        theory: { least: oneQueue(load, 2) * (1 - tolerance), most: atRandom(load) },
      },
    ],
  },
  {
    title: "pool d half as fast",
    slowness: [1, 1, 1, 2],
    keyOf: (event) => event,
    contenders: [
      { strategy: "round-robin", theory: "unstable" },
      { strategy: "weighted-round-robin", theory: "stable", weights: [2, 2, 2, 1] },
      { strategy: "dynamic-round-robin", theory: "stable" },
      { strategy: "power-of-two-choices", theory: "stable" },
      { strategy: "least-connections", theory: "stable" },
    ],
  },
  {
    title: "1000 keys by Zipf's law",
    slowness: [1, 1, 1, 1],
    keyOf: zipf(1000),
    contenders: [
      { strategy: "consistent-hash", theory: "unstable" },
      { strategy: "power-of-two-choices", theory: twoOfFour },
    ],
  },
];

export async function balanceBench(): Promise<void> {
  console.log(`${events} events at ${100 * load} % load; times in units of the mean service time.`);
  for (const scene of scenes) {
    const heads = ["mean", "p50", "p99", "spread", "at the end"];
    console.log(
      `\n${scene.title.padEnd(24)}${heads.map((head) => head.padStart(11)).join("")}   theory`,
    );
    for (const contender of scene.contenders) {
      const found = await simulate(scene, contender);
      const agrees = agreesWith(contender.theory, found);
      if (!agrees) process.exitCode = 1;
      console.log(
        `  ${contender.strategy.padEnd(22)}${rowOf(found)}   ${textOf(contender.theory).padEnd(18)}${agrees ? "agrees" : "DIFFERS"}`,
      );
    }
  }
  await costOfGroup();
}

/** Arrivals at random at the group, until so many have come; what is left then is the queue. */
async function simulate(scene: Scene, { strategy, weights }: Contender): Promise<Found> {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const pools = scene.slowness.map((slowness) => new SimulatedPool(clock, slowness));
  const group = new BalancedGroup(
    {
      strategy,
      regions: { north: ["north"], south: ["south"] },
      pools: pools.map((each, index) => ({
        name: names[index] ?? "",
        pool: each,
        region: index % 2 === 0 ? "north" : "south",
        weight: weights?.[index] ?? 1,
      })),
    },
    { now: () => clock.millis, random: seededRandom(2) },
  );
  const capacity = scene.slowness.reduce((sum, slowness) => sum + 1 / slowness, 0);
  const exponential = (): number => -Math.log(1 - random());
  const latencies: number[] = [];
  let left = 0;
  for (let event = 0; event < events; event++) {
    await clock.pass(clock.millis + exponential() / (capacity * load), pools);
    const from = clock.millis;
    left++;
    const region = random() < 0.5 ? "north" : "south";
    const request = {
      type: "work",
      payload: exponential(),
      key: scene.keyOf(event, random),
      region,
    };
    void group.submit(request).then(() => {
      left--;
      latencies.push(clock.millis - from);
    });
  }
  const atTheEnd = left;
  await clock.pass(Infinity, pools);
  await group.close();
  latencies.sort((first, second) => first - second);
  const at = (share: number): number => latencies[Math.floor(share * latencies.length)] ?? 0;
  const mean = latencies.reduce((sum, each) => sum + each, 0) / latencies.length;
  const most = Math.max(...pools.map((each, index) => each.events * (scene.slowness[index] ?? 1)));
  return { mean, p50: at(0.5), p99: at(0.99), spread: (most * capacity) / events, left: atTheEnd };
}

interface Found {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  /** The busiest pool's work, over its share of all. */
  readonly spread: number;
  /** In the pools when the arrivals ended. */
  readonly left: number;
}

function rowOf({ mean, p50, p99, spread, left }: Found): string {
  const cells = [mean, p50, p99].map((value) => value.toFixed(2));
  return [...cells, `x${spread.toFixed(2)}`, String(left)]
    .map((cell) => cell.padStart(11))
    .join("");
}

/** A stable queue of this load has more than this many events once in a lifetime. */
const stableLeft = 60;

function agreesWith(theory: Theory, { mean, left }: Found): boolean {
  if (theory === "stable") return left < stableLeft;
  if (theory === "unstable") return left >= stableLeft;
  return mean >= theory.least && mean <= theory.most;
}

function textOf(theory: Theory): string {
  if (typeof theory === "string") return theory;
  return `mean ${theory.least.toFixed(2)} to ${theory.most.toFixed(2)}`;
}

function zipf(keys: number): Scene["keyOf"] {
  const weights = Array.from({ length: keys }, (_, rank) => 1 / (rank + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return (_event, random) => {
    let left = random() * all;
    return weights.findIndex((weight) => (left -= weight) < 0);
  };
}

/** The same events straight into a pool and through a group before two, interleaved. */
async function costOfGroup(): Promise<void> {
  const path = resolve("bench/workers/ours.js");
  const pools = await Promise.all([pool(path, { threads: 1 }), pool(path, { threads: 1 })]);
  const [first] = pools;
  const group = new BalancedGroup(
    {
      strategy: "round-robin",
      pools: pools.map((each, index) => ({ name: `${index}`, pool: each })),
    },
    { now: () => performance.now(), random: Math.random },
  );
  const rates: Record<"pool" | "group", number[]> = { pool: [], group: [] };
  for (let round = 0; round < 12; round++) {
    const order = round % 2 === 0 ? (["pool", "group"] as const) : (["group", "pool"] as const);
    for (const which of order) {
      const start = performance.now();
      for (let burst = 0; burst < 20; burst++) {
        await Promise.all(
          Array.from({ length: 50 }, (_, id) => {
            const event = { type: "task", payload: { id, spin: 0 } };
            return which === "group" ? group.submit(event) : first?.submit(event);
          }),
        );
      }
      // The first round compiles.
      if (round > 0) rates[which].push(1000 / (performance.now() - start));
    }
  }
  await group.close();
  const { median, low, high } = ratioOf(rates.group, rates.pool);
  console.log(
    `\nNo-op events in bursts of 50 through a group before two pools of one thread, against one such pool alone: ` +
      `x${median.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
  );
}
