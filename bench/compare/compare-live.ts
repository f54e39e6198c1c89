// One live comparison, down to its verdict and the log-ratios behind it.

import { join, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { decide, type Decision } from "../../src/analysis/compare/decide.ts";
import { figuresWithin } from "../../src/analysis/compare/figures-within.ts";
import { pairFigures } from "../../src/presentation/pair-figures.ts";
import { compareVersions } from "../../src/session/compare-versions.ts";
import { versionOfModule, type NamedVersion } from "../../src/session/versions.ts";

export interface Compared {
  readonly kind: Decision["kind"];
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly visible: number;
  readonly logRatios: readonly number[];
}

const runner = pathToFileURL(resolve("dist/runner.js"));

export async function compareLive(
  before: string,
  after: string,
  folder: string,
  pairs: number,
  seed: number,
): Promise<Compared> {
  const comparison = compareVersions(
    {
      before: versionOf(before),
      after: versionOf(after),
      metric: "throughput",
      pairs,
      seed,
      out: join(folder, "traces"),
      node: process.execPath,
      runner,
    },
    {
      planned: () => undefined,
      progress: () => undefined,
      output: ({ text }) => console.error(text),
    },
    figuresWithin,
  );
  const outcome = await comparison.outcome;
  if (outcome.kind !== "measured") throw new Error(JSON.stringify(outcome));
  const { plan, traces } = outcome;
  const nothing = { lockWait: {}, service: {} };
  const logRatios = outcome.pairs.map((pair, index) => {
    const first = pairFigures(pair.before, plan, traces[index]?.before ?? nothing);
    const second = pairFigures(pair.after, plan, traces[index]?.after ?? nothing);
    return Math.log(second.throughput / first.throughput);
  });
  const { kind, change } = decide(logRatios, "higher", 0.05);
  return { kind, ...change, logRatios };
}

function versionOf(module: string): NamedVersion {
  const found = versionOfModule(module, { threads: "2", "in-flight": "8" });
  if (found.kind === "refused") throw new Error(found.problem);
  return found.version;
}
