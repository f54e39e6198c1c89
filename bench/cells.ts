// A cell: one pool runs one kind of task for a short while, its answers verified. Comparisons interleave cells and warm each
// pool up first. Shared by the benchmarks.

import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import process from "node:process";
import type { Contender, Task } from "./contenders.ts";
import { ratioOf, type Ratio } from "./ratio.ts";

const usualRounds = 11;
const cellMillis = 60;
/** Until code is compiled for good: a pool serves for hours, and what takes longest to warm up is ours. */
const warmUpMillis = 600;
/** One task in so many fails, with its stack. */
const failsEvery = 1000;

export interface Kind {
  readonly name: string;
  readonly spin: number;
  readonly text?: string;
}

export const kinds: readonly Kind[] = [
  { name: "no-op", spin: 0 },
  { name: "20 us", spin: 20 },
  { name: "200 us", spin: 200 },
  { name: "1 KB JSON", spin: 0, text: "x".repeat(1000) },
];

/** Own time of the handler, median, may differ from its calibration by this share; beyond it the cell is void. */
const driftAllowed = 0.2;

export interface Cell {
  /** Undefined when the cell is void. */
  readonly perSecond: number | undefined;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
}

/** Rounds in which every pool runs a cell, in an order that rotates; cells by pool, then by round. */
export async function interleaved(
  pools: readonly Contender[],
  kind: Kind,
  inFlight: number,
  rounds = usualRounds,
): Promise<readonly (readonly Cell[])[]> {
  const cells = pools.map((): Cell[] => []);
  for (const pool of pools) await measure(pool, kind, inFlight, warmUpMillis);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < pools.length; turn++) {
      const index = (round + turn) % pools.length;
      const pool = pools[index];
      if (pool !== undefined) cells[index]?.push(await measure(pool, kind, inFlight, cellMillis));
    }
  }
  return cells;
}

export const rates = (cells: readonly Cell[] = []): (number | undefined)[] =>
  cells.map(({ perSecond }) => perSecond);

export const tails = (cells: readonly Cell[] = []): number[] => cells.map(({ p99 }) => p99);

export function row(name: string, cells: readonly Cell[], base: readonly Cell[]): string {
  const middle = (pick: (cell: Cell) => number): number => median(cells.map(pick));
  const speed = ratioOf(rates(cells), rates(base));
  const figures = [
    `${Math.round(middle((cell) => cell.perSecond ?? 0)).toLocaleString("en-US")}/s`.padStart(12),
    inWords(speed).padStart(24),
    `p50 ${middle((cell) => cell.p50).toFixed(0)} us`.padStart(14),
    `p99 ${middle((cell) => cell.p99).toFixed(0)} us`.padStart(15),
    inWords(ratioOf(tails(cells), tails(base))).padStart(22),
    `cpu ${middle((cell) => cell.cpuMicros).toFixed(1)} us`.padStart(14),
    speed.rounds < cells.length ? `  ${cells.length - speed.rounds} rounds void` : "",
  ];
  return `  ${name.padEnd(20)}${figures.join("")}`;
}

function inWords({ median: middle, low, high }: Ratio): string {
  return `x${middle.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

async function measure(
  pool: Contender,
  kind: Kind,
  inFlight: number,
  millis: number,
): Promise<Cell> {
  const latencies: number[] = [];
  const took: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const until = start + millis;
  let id = 0;
  // The lane itself costs little: what it adds to each task makes all pools look alike.
  const lane = async (): Promise<void> => {
    let now = performance.now();
    while (now < until) {
      const task = makeTask(kind, ++id);
      const began = now;
      if (task.fails === true) await failsAsAsked(pool, task);
      else {
        const result = (await pool.run(task)) as Answered;
        if (result.id !== task.id) assert.equal(result.id, task.id);
        if (result.took !== undefined) took.push(result.took);
      }
      now = performance.now();
      latencies.push(now - began);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((first, second) => first - second);
  const at = (share: number): number =>
    (latencies[Math.floor(share * latencies.length)] ?? 0) * 1000;
  return {
    perSecond: hasDrifted(kind, took) ? undefined : latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    cpuMicros: (user + system) / latencies.length,
  };
}

function makeTask({ spin, text }: Kind, id: number): Task {
  if (id % failsEvery === 0) return { id, spin, fails: true };
  return text === undefined ? { id, spin } : { id, spin, text };
}

/** The handler works by the clock: its calibration is the time that it was asked to be busy. */
function hasDrifted({ spin }: Kind, took: readonly number[]): boolean {
  return spin > 0 && median(took) > spin * (1 + driftAllowed) + 1;
}

/** The task, echoed, and the handler's own microseconds where it was busy. */
interface Answered {
  readonly id: number;
  readonly took?: number;
}

/** A pool that answers wrongly or loses an error voids the whole run. */
async function failsAsAsked(pool: Contender, task: Task): Promise<void> {
  await assert.rejects(pool.run(task), (error: Error) => {
    assert.match(error.stack ?? "", /tasks\.js/);
    return true;
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
