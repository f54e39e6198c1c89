// `npm run bench -- findings`: how right the findings are, over programs made from seeds. Each faulty program runs beside its
// fixed twin, in pairs whose order alternates; a performance fault counts only if its twin is faster.
//
//   --set tuning|reported   which seeds; rules are tuned on the first and reported on the second (default)
//   --seeds N               programs of each kind (default 5)
//   --only A,B              kinds whose name contains one of these
//   --pairs N               runs of each faulty program and its twin (default 1)
//   --millis N              length of a run (default 700)
//   --minutes N             no program is begun after this time
//   --loaded                with a busy process on every core
//   --details               what was said of each program; for tuning

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { kinds, programOf, seedSets, type SeedSet } from "../../test/corpus/corpus.ts";
import type { ProgramKind } from "../../test/corpus/program.ts";
import { judge, type Measured, type Verdict } from "./judge.ts";
import { loadAllCores } from "./load.ts";
import { printVerdicts } from "./print.ts";
import { runProgram, type ProgramRun } from "./run-program.ts";
import { median } from "./statistics.ts";

interface Options {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly kinds: readonly ProgramKind[];
  readonly pairs: number;
  readonly millis: number;
  readonly folder: string;
}

export async function findingsBench(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      set: { type: "string", default: "reported" },
      seeds: { type: "string", default: "5" },
      only: { type: "string", default: "" },
      pairs: { type: "string", default: "1" },
      millis: { type: "string", default: "700" },
      minutes: { type: "string", default: "Infinity" },
      loaded: { type: "boolean", default: false },
      details: { type: "boolean", default: false },
    },
  });
  if (!(values.set in seedSets)) throw new Error(`--set ${values.set}: give tuning or reported`);
  const wanted = values.only.split(",");
  const options: Options = {
    firstSeed: seedSets[values.set as SeedSet],
    seeds: Number(values.seeds),
    kinds: kinds.filter(({ id }) => wanted.some((part) => id.includes(part))),
    pairs: Number(values.pairs),
    millis: Number(values.millis),
    folder: mkdtempSync(join(tmpdir(), "poolscope-corpus-")),
  };
  const until = performance.now() + Number(values.minutes) * 60_000;
  const endLoad = values.loaded ? loadAllCores() : undefined;
  const verdicts: Verdict[] = [];
  try {
    // One program of each kind after the other, so that a run that is cut short has seen all kinds.
    for (let index = 0; index < options.seeds; index++) {
      for (const kind of options.kinds) {
        if (performance.now() > until) break;
        verdicts.push(...(await verdictsOf(kind, options.firstSeed + index, options)));
        progress(kind.id, index + 1, options.seeds);
      }
    }
  } finally {
    endLoad?.();
    rmSync(options.folder, { recursive: true });
  }
  printVerdicts(verdicts, values.details);
}

async function verdictsOf(kind: ProgramKind, seed: number, options: Options): Promise<Verdict[]> {
  const { folder, millis, pairs } = options;
  const program = programOf(kind, seed, false);
  if (kind.costs === "healthy") {
    const runs = [await runProgram(program, folder, millis)];
    return [judge({ program, costs: kind.costs, runs, gain: undefined })];
  }
  const twin = programOf(kind, seed, true);
  const runs: ProgramRun[] = [];
  const twinRuns: ProgramRun[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % 2 === 0;
    if (!first) twinRuns.push(await runProgram(twin, folder, millis));
    runs.push(await runProgram(program, folder, millis));
    if (first) twinRuns.push(await runProgram(twin, folder, millis));
  }
  const gain = kind.costs === "nothing" ? undefined : gainOf(kind.costs, runs, twinRuns);
  const measured: Measured[] = [
    { program, costs: kind.costs, runs, gain },
    { program: twin, costs: "healthy", runs: twinRuns, gain: undefined },
  ];
  return measured.map(judge);
}

function gainOf(
  metric: "throughput" | "p99",
  runs: readonly ProgramRun[],
  twinRuns: readonly ProgramRun[],
): number {
  const gains = runs.map((run, index) => {
    const twin = twinRuns[index];
    if (twin === undefined) return 0;
    return metric === "throughput" ? 1 - run.throughput / twin.throughput : 1 - twin.p99 / run.p99;
  });
  return median(gains);
}

function progress(kind: string, done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${kind} ${done} of ${of}`);
}
