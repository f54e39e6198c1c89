// `npm run bench -- pool [TEXT]`: the same tasks through our pool and others, interleaved: in each round every pool runs a short
// cell, in an order that rotates; what counts is the median over rounds of the ratio to piscina's default. With TEXT only
// the comparisons whose title contains it.

import process from "node:process";
import { interleaved, kinds, rates, row, tails, type Cell, type Kind } from "./cells.ts";
import { contenders, type Contender } from "./contenders.ts";
import { ratioOf } from "./ratio.ts";

/** At 64 in flight and 2 threads, against piscina's default. */
const goals: readonly { readonly pool: string; readonly kind: string; readonly least: number }[] = [
  { pool: "poolscope", kind: "no-op", least: 15 },
  { pool: "poolscope recording", kind: "no-op", least: 10 },
  { pool: "poolscope", kind: "20 us", least: 2.5 },
  { pool: "poolscope", kind: "1 KB JSON", least: 2.5 },
];
/** As a program has them that submits all it has at once; of no-ops for two threads alone. */
const atOnce = 20_000;
/**
 * Of p99 at 1 in flight, against piscina's default: the median ratio, and the upper end of its
 * interval.
 */
const mostTail = { median: 1, high: 1.2 } as const;
/**
 * At 1 in flight, which the operating system's placing of two threads decides: as many as five of
 * the others have together.
 */
const tailRounds = 55;
/** In no cell may we be surely slower than this share of a pool beside us; the raw worker is shown, not gated. */
const leastShare = 0.9;

export async function poolBench([only = ""]: readonly string[] = []): Promise<void> {
  const gates: string[] = [];
  for (const threads of [2, 4]) {
    const pools = await contenders(threads);
    for (const kind of kinds) {
      for (const inFlight of inFlightsOf(kind, threads)) {
        if (!titleOf(kind, inFlight, threads).includes(only)) continue;
        gates.push(...(await compare(pools, kind, inFlight, threads)));
      }
    }
    await Promise.all(pools.map((pool) => pool.close()));
  }
  const missed = gates.filter((gate) => gate.startsWith("missed"));
  console.log(`\n${gates.join("\n")}`);
  if (missed.length > 0) process.exitCode = 1;
}

function inFlightsOf({ name }: Kind, threads: number): readonly number[] {
  return name === "no-op" && threads === 2 ? [1, 64, atOnce] : [1, 64];
}

async function compare(
  pools: readonly Contender[],
  kind: Kind,
  inFlight: number,
  threads: number,
): Promise<string[]> {
  const cells = await interleaved(
    pools,
    kind,
    inFlight,
    isTail(kind, inFlight) ? tailRounds : undefined,
  );
  const where = titleOf(kind, inFlight, threads);
  console.log(`\n${where}`);
  pools.forEach((pool, index) => console.log(row(pool.name, cells[index] ?? [], cells[0] ?? [])));
  return [
    ...(inFlight === 64 && threads === 2 ? goalGates(pools, cells, kind) : []),
    ...(isTail(kind, inFlight) ? tailGates(pools, cells, where) : []),
    ...slowerGates(pools, cells, where),
  ];
}

function isTail({ name }: Kind, inFlight: number): boolean {
  return name === "no-op" && inFlight === 1;
}

function tailGates(
  pools: readonly Contender[],
  cells: readonly (readonly Cell[])[],
  where: string,
): string[] {
  return pools.flatMap(({ name }, index) => {
    if (!name.startsWith("poolscope")) return [];
    const { median, high } = ratioOf(tails(cells[index]), tails(cells[0]));
    const verdict = median <= mostTail.median && high <= mostTail.high ? "met" : "missed";
    const goal = `x${mostTail.median}, at most x${mostTail.high}`;
    return [
      `${verdict}: ${name}, ${where}: p99 x${median.toFixed(2)}, at most x${high.toFixed(2)}, of ${goal}`,
    ];
  });
}

function titleOf(kind: Kind, inFlight: number, threads: number): string {
  return `${kind.name}, ${inFlight} in flight, ${threads} threads`;
}

function goalGates(
  pools: readonly Contender[],
  cells: readonly (readonly Cell[])[],
  kind: Kind,
): string[] {
  return goals
    .filter((goal) => goal.kind === kind.name)
    .map(({ pool, least }) => {
      const index = pools.findIndex(({ name }) => name === pool);
      const { median } = ratioOf(rates(cells[index]), rates(cells[0]));
      const verdict = median >= least ? "met" : "missed";
      return `${verdict}: ${pool}, ${kind.name}: x${median.toFixed(2)} of x${least}`;
    });
}

/** Only what is missed is told: one line for each pool that is surely faster. */
function slowerGates(
  pools: readonly Contender[],
  cells: readonly (readonly Cell[])[],
  where: string,
): string[] {
  const own = pools.findIndex(({ name }) => name === "poolscope");
  return pools.flatMap(({ name }, index) => {
    if (name.startsWith("poolscope") || name.startsWith("raw")) return [];
    const { high } = ratioOf(rates(cells[own]), rates(cells[index]));
    return high < leastShare ? [`missed: ${where}: at most x${high.toFixed(2)} of ${name}`] : [];
  });
}
