// `npm run bench -- compare`: how often a comparison of a version with itself says "changed" (at most 5 % of the time), and how
// often a planted slow-down is seen. Every comparison is a live one, with processes of its own; the log-ratios of the pairs
// of all live A/A comparisons are then drawn again with random signs, which tests the statistics on real noise.
//
//   --same N       live comparisons of a version with itself (default 200; about 12 s each on two idle cores)
//   --from N       the seed of the first of these (default 0)
//   --slower N     live comparisons for each planted slow-down (default 10)
//   --minutes M    stop after so long, and say how many there were (default: none)
//   --pairs N      of each comparison (default 8, the fewest allowed)
//   --loaded       with a busy process on every core

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { decide } from "../../src/analysis/compare/decide.ts";
import { seededRandom } from "../../src/base/seeded-random.ts";
import { loadAllCores } from "../findings/load.ts";
import { lowerBound } from "../findings/statistics.ts";
import { compareLive, type Compared } from "./compare-live.ts";
import { planted, sameProgram, slowerProgram } from "./programs.ts";

const redrawn = 10_000;
const mostChanged = 0.05;

export async function compareBench(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      same: { type: "string", default: "200" },
      from: { type: "string", default: "0" },
      slower: { type: "string", default: "10" },
      minutes: { type: "string", default: "Infinity" },
      pairs: { type: "string", default: "8" },
      loaded: { type: "boolean", default: false },
    },
  });
  const end = performance.now() + Number(values.minutes) * 60_000;
  const pairs = Number(values.pairs);
  const first = Number(values.from);
  const seeds = Array.from({ length: Number(values.same) }, (_, index) => first + index);
  const folder = mkdtempSync(join(tmpdir(), "poolscope-compare-"));
  const endLoad = values.loaded ? loadAllCores() : undefined;
  try {
    await benchSlower(folder, Number(values.slower), pairs, end);
    const { changed, of } = await benchSame(folder, seeds, pairs, end);
    if (changed > mostChanged * of) process.exitCode = 1;
  } finally {
    endLoad?.();
    rmSync(folder, { recursive: true });
  }
}

async function benchSame(
  folder: string,
  seeds: readonly number[],
  pairs: number,
  end: number,
): Promise<{ readonly changed: number; readonly of: number }> {
  const all: Compared[] = [];
  for (const seed of seeds) {
    if (performance.now() >= end) break;
    const program = sameProgram(folder, seed);
    all.push(await compareLive(program, program, folder, pairs, seed));
    const last = all.at(-1);
    console.log(`same ${all.length}: ${last?.kind}, ${text(last?.estimate ?? 0)}`);
  }
  const changed = all.filter(({ kind }) => kind === "better" || kind === "worse").length;
  const share = (100 * changed) / all.length;
  const upper = 100 * (1 - lowerBound(all.length - changed, all.length));
  console.log(
    `\nA version with itself, ${all.length} live comparisons of ${pairs} pairs: ` +
      `${changed} said "changed", ${share.toFixed(1)} % (at most 5 % wanted; 95 % bound ${upper.toFixed(1)} %)`,
  );
  const again = redraw(all);
  console.log(
    `Pairs of these drawn again, ${redrawn} comparisons: ${(100 * again).toFixed(1)} % said "changed"`,
  );
  return { changed, of: all.length };
}

/** Each comparison gets the noise of one that was measured: its pairs, drawn with replacement, each sign by lot. */
function redraw(all: readonly Compared[]): number {
  const random = seededRandom(1);
  const pick = <T>(values: readonly T[]): T | undefined =>
    values[Math.floor(random() * values.length)];
  let changed = 0;
  for (let trial = 0; trial < redrawn; trial++) {
    const source = pick(all)?.logRatios ?? [];
    const logs = source.map(() => (pick(source) ?? 0) * (random() < 0.5 ? 1 : -1));
    const { kind } = decide(logs, "higher", 0.05);
    if (kind === "better" || kind === "worse") changed++;
  }
  return changed / redrawn;
}

async function benchSlower(
  folder: string,
  count: number,
  pairs: number,
  end: number,
): Promise<void> {
  for (const more of planted) {
    const seen: Compared[] = [];
    for (let index = 0; index < count && performance.now() < end; index++) {
      const program = slowerProgram(folder, 0);
      seen.push(await compareLive(program, slowerProgram(folder, more), folder, pairs, index));
    }
    if (seen.length === 0) continue;
    const slower = seen.filter(({ kind }) => kind === "worse").length;
    const faster = seen.filter(({ kind }) => kind === "better").length;
    const truth = 1 / (1 + more) - 1;
    const covered = seen.filter(({ low, high }) => low <= truth && truth <= high).length;
    console.log(
      `planted ${text(more)} service time: ${slower} of ${seen.length} said slower, ${faster} faster; ` +
        `estimates ${seen.map(({ estimate }) => text(estimate)).join(", ")}; ` +
        `${covered} intervals hold ${text(truth)}; it would have seen ${seen.map(({ visible }) => text(visible)).join(", ")}`,
    );
  }
}

function text(share: number): string {
  return `${share < 0 ? "" : "+"}${(100 * share).toFixed(1)} %`;
}
