// What the findings of one program are worth: which is the planted one, which are false.

import type { Finding } from "../../src/analysis/report.ts";
import type { Program } from "../../test/corpus/program.ts";
import type { ProgramRun } from "./run-program.ts";

/** A program with its runs; with its twin's where it has one. */
export interface Measured {
  readonly program: Program;
  readonly costs: "throughput" | "p99" | "nothing" | "healthy";
  readonly runs: readonly ProgramRun[];
  /** Share of the metric that the twin gains, the median over pairs; undefined where nothing is to be gained. */
  readonly gain: number | undefined;
}

export interface Verdict {
  readonly program: Program;
  /** The label does not stand: the twin is not faster. Such a program counts for nothing. */
  readonly isVoid: boolean;
  readonly hit: Finding | undefined;
  /** The planted finding comes first, at the right line. */
  readonly isFirst: boolean;
  readonly hasMechanism: boolean;
  readonly falseFindings: readonly Finding[];
  readonly gain: number | undefined;
  /** Of all processors' time during the first run, what other processes had. */
  readonly othersShare: number;
}

/** The twin must gain this much of the metric, or the fault was none. */
const leastGain = 0.05;

/** Share of all processors' time from which others are in the way. */
const busyOthers = 0.2;

/** By the first run: what a person would see. */
export function judge({ program, costs, runs, gain }: Measured): Verdict {
  const findings = (runs[0]?.report.findings ?? []).filter((each) => !isTrueOfMachine(each, runs));
  const { planted } = program;
  const isVoid = planted !== undefined && costs !== "nothing" && (gain ?? 0) < leastGain;
  const hit = findings.find(({ rule }) => planted?.rules.includes(rule) === true);
  const first = findings[0];
  const { lines = [], mechanisms = [] } = planted ?? {};
  return {
    program,
    isVoid,
    hit,
    isFirst:
      hit !== undefined &&
      hit === first &&
      (lines.length === 0 || (hit.site !== undefined && lines.includes(hit.site.line))),
    hasMechanism:
      hit !== undefined && (mechanisms.length === 0 || mechanisms.includes(hit.mechanism)),
    falseFindings: findings.filter((finding) => finding !== hit),
    gain,
    othersShare: runs[0]?.othersShare ?? 0,
  };
}

/** That others took the processors is true, and no business of the corpus, where the machine's own accounting says so. */
function isTrueOfMachine({ rule, mechanism }: Finding, [run]: readonly ProgramRun[]): boolean {
  return (
    rule === "not-your-pool" &&
    mechanism === "other-processes" &&
    (run?.othersShare ?? 0) >= busyOthers
  );
}
