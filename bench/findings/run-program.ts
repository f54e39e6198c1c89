// One run of a program of the corpus in a process of its own, as `poolscope profile` runs it, and what came of it.

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { inflateRawSync } from "node:zlib";
import { analyze } from "../../src/analysis/analyze.ts";
import type { Report } from "../../src/analysis/report.ts";
import { defaultConfiguration } from "../../src/protocol/run-configuration.ts";
import { profile } from "../../src/session/profile.ts";
import { decode } from "../../src/trace/decode.ts";
import { codeOf } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { machineTime, shareOfOthers } from "./machine.ts";
import type { Program } from "../../test/corpus/program.ts";

const runner = new URL("../../../dist/runner.js", import.meta.url);

export interface ProgramRun {
  readonly report: Report;
  /** Settled events per second, from the first submission to the last outcome. */
  readonly throughput: number;
  /** Nanoseconds, of the victim's type of event, from its submission to its outcome. */
  readonly p99: number;
  /** Of all processors' time during the run, what other processes had. */
  readonly othersShare: number;
}

/** Throws when the run could not be made: the corpus or the profiler is broken then. */
export async function runProgram(
  program: Program,
  folder: string,
  millis: number,
): Promise<ProgramRun> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  // The libraries that some programs use are the project's own.
  const libraries = join(folder, "node_modules");
  if (!existsSync(libraries)) symlinkSync(resolve("node_modules"), libraries);
  const module = join(folder, `${program.name}.mjs`);
  writeFileSync(module, program.text);
  const out = join(folder, `${program.name}.pooltrace`);
  const configuration = { ...defaultConfiguration, duration: millis, ...program.configuration };
  const before = machineTime();
  const run = profile(
    { module, root: folder, configuration, out, node: process.execPath, runner },
    {
      started: () => undefined,
      progress: () => undefined,
      output: () => undefined,
      failure: () => undefined,
      warning: () => undefined,
    },
  );
  const outcome = await run.outcome;
  const othersShare = shareOfOthers(before, machineTime());
  if (outcome.kind === "refused") throw new Error(`${program.name}: ${outcome.problem.message}`);
  const { trace, problems } = decode(readFileSync(out), (stored, rawBytes) =>
    inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
  );
  rmSync(out);
  if (trace === undefined) throw new Error(`${program.name}: no trace`);
  const report = analyze(trace, problems);
  const totals = report.latency
    .filter(({ handler }) => program.victim === undefined || handler === program.victim)
    .map(({ total }) => total.p99);
  return { report, throughput: throughputOf(trace), p99: Math.max(0, ...totals), othersShare };
}

function throughputOf(trace: Trace): number {
  let first = Infinity;
  let last = 0;
  let settled = 0;
  for (const { events } of trace.threads) {
    for (let index = 0; index < events.length; index++) {
      const time = events.time[index] ?? 0;
      if (events.code[index] === codeOf("eventSubmitted")) first = Math.min(first, time);
      if (events.code[index] !== codeOf("settled")) continue;
      settled++;
      last = Math.max(last, time);
    }
  }
  return last <= first ? 0 : settled / ((last - first) / 1e9);
}
