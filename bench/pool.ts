// `npm run bench -- pool`: the same tasks through our pool and others, interleaved: in each round every pool runs a short
// cell, in an order that rotates; what counts is the median over rounds of the ratio to piscina's default.

import assert from "node:assert/strict";
import { contenders, type Contender, type Task } from "./contenders.ts";

const rounds = 11;
const cellMillis = 60;
/** One task in so many fails, with its stack. */
const failsEvery = 1000;

interface Kind {
  readonly name: string;
  readonly spin: number;
  readonly text?: string;
}

const kinds: readonly Kind[] = [
  { name: "no-op", spin: 0 },
  { name: "20 us", spin: 20 },
  { name: "200 us", spin: 200 },
  { name: "1 KB JSON", spin: 0, text: "x".repeat(1000) },
];

interface Cell {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
}

export async function poolBench(): Promise<void> {
  for (const threads of [2, 4]) {
    const pools = await contenders(threads);
    for (const kind of kinds) {
      for (const inFlight of [1, 64]) await compare(pools, kind, inFlight, threads);
    }
    await Promise.all(pools.map((pool) => pool.close()));
  }
}

async function compare(
  pools: readonly Contender[],
  kind: Kind,
  inFlight: number,
  threads: number,
): Promise<void> {
  const cells = pools.map((): Cell[] => []);
  for (const pool of pools) await measure(pool, kind, inFlight);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < pools.length; turn++) {
      const index = (round + turn) % pools.length;
      const pool = pools[index];
      if (pool !== undefined) cells[index]?.push(await measure(pool, kind, inFlight));
    }
  }
  console.log(`\n${kind.name}, ${inFlight} in flight, ${threads} threads`);
  pools.forEach((pool, index) => console.log(row(pool.name, cells[index] ?? [], cells[0] ?? [])));
}

function row(name: string, cells: readonly Cell[], base: readonly Cell[]): string {
  const ratios = cells
    .map((cell, round) => cell.perSecond / (base[round]?.perSecond ?? 1))
    .sort((first, second) => first - second);
  const middle = (pick: (cell: Cell) => number): number => median(cells.map(pick));
  // Distribution-free 95 % interval of a median of 11: its 2nd to its 10th value.
  const [low = 0, high = 0] = [ratios[1], ratios[ratios.length - 2]];
  const figures = [
    `${Math.round(middle((cell) => cell.perSecond)).toLocaleString("en-US")}/s`.padStart(12),
    `x${median(ratios).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`.padStart(24),
    `p50 ${middle((cell) => cell.p50).toFixed(0)} us`.padStart(14),
    `p99 ${middle((cell) => cell.p99).toFixed(0)} us`.padStart(15),
    `cpu ${middle((cell) => cell.cpuMicros).toFixed(1)} us`.padStart(14),
  ];
  return `  ${name.padEnd(20)}${figures.join("")}`;
}

async function measure(pool: Contender, kind: Kind, inFlight: number): Promise<Cell> {
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const until = start + cellMillis;
  let id = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      await verified(pool, makeTask(kind, ++id));
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((first, second) => first - second);
  const at = (share: number): number =>
    (latencies[Math.floor(share * latencies.length)] ?? 0) * 1000;
  return {
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    cpuMicros: (user + system) / latencies.length,
  };
}

function makeTask({ spin, text }: Kind, id: number): Task {
  const fails = id % failsEvery === 0 ? { fails: true } : {};
  return { id, spin, ...(text === undefined ? {} : { text }), ...fails };
}

/** A pool that answers wrongly or loses an error voids the whole run. */
async function verified(pool: Contender, task: Task): Promise<void> {
  if (task.fails === true) {
    await assert.rejects(pool.run(task), (error: Error) => {
      assert.match(error.stack ?? "", /tasks\.js/);
      return true;
    });
    return;
  }
  const result = (await pool.run(task)) as Task;
  assert.equal(result.id, task.id);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
