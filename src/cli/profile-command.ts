// `poolscope profile`: runs the handlers, shows progress, prints the report. Returns the exit status.

import { basename, dirname, extname, join, resolve } from "node:path";
import type { Report } from "../analysis/report.ts";
import type { RunProblem } from "../protocol/run-messages.ts";
import { packageFolder } from "../session/package-folder.ts";
import { findNode } from "../session/find-node.ts";
import { profile, type ProfileOutcome, type ProfileRequest } from "../session/profile.ts";
import type { ProfileOptions } from "./arguments.ts";
import { exitStatus } from "./exit-status.ts";
import { readConfiguration } from "../session/configuration.ts";
import { ProgressLine } from "./progress-line.ts";
import { readJudgedTrace } from "./judged-trace.ts";
import { printReport } from "./report-command.ts";
import { onEndSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { DeadlockWatch } from "./watch-deadlock.ts";

export async function profileCommand(
  file: string,
  options: ProfileOptions,
  terminal: Terminal,
  runner: URL,
): Promise<number> {
  const module = resolve(file);
  const read = readConfiguration(module, options.settings);
  if (read.kind === "refused") {
    terminal.error(read.problem);
    return exitStatus.usage;
  }
  const { configuration } = read;
  const node = findNode(options.node, dirname(module));
  if (node.kind === "refused") {
    terminal.error(node.problem);
    return exitStatus.usage;
  }
  const line = new ProgressLine(configuration, process.stderr);
  const say = (text: string): void => {
    line.clear();
    terminal.error(text);
  };
  const failures = new Map<string, number>();
  const run = profile(
    {
      module,
      root: packageFolder(dirname(module)),
      configuration,
      ...outOf(options, module),
      node: node.path,
      runner,
      passStdin: configuration.sources.some(
        (each) => each["kind"] === "lines" && !("path" in each),
      ),
    },
    {
      started: () => undefined,
      progress: (progress) => {
        line.show(progress);
        watch.see(progress);
      },
      output: (output) => {
        line.clear();
        if (output.stream === "log") terminal.error(`${output.level}: ${output.text}`);
        else terminal.output(`[${output.thread}] ${output.text}`);
      },
      failure: (failure) => sayFailure(failure, failures, say),
      warning: (message) => say(message),
    },
  );
  const watch = new DeadlockWatch(run.trace, (sentence) => {
    say(`${sentence} The run is ended.`);
    run.stop({ reason: "failed", message: sentence });
  });
  const ending = "Ending the run; press Ctrl-C again to stop at once.";
  const signals = onEndSignals(
    () => {
      say(ending);
      run.stop();
    },
    () => run.kill(),
  );
  const outcome = await run.outcome;
  line.clear();
  const status = conclude(outcome, options.json, configuration.maxFailures, terminal);
  signals.release();
  return signals.cutShort ? exitStatus.notDone : status;
}

/** The first of each kind with its stack, the rest in the report. */
function sayFailure(
  failure: {
    readonly type: string;
    readonly message: string;
    readonly stack: string;
    readonly name: string;
    readonly thread: string;
    readonly event: number;
  },
  failures: Map<string, number>,
  say: (text: string) => void,
): void {
  const key = `${failure.type} ${failure.name} ${failure.message}`;
  const times = (failures.get(key) ?? 0) + 1;
  failures.set(key, times);
  if (times > 1 || failures.size > 10) return;
  const stack = failure.stack === "" ? `${failure.name}: ${failure.message}` : failure.stack;
  say(`event ${failure.event} (${failure.type}) failed on ${failure.thread}: ${stack}`);
}

function conclude(
  outcome: ProfileOutcome,
  json: boolean,
  maxFailures: number | undefined,
  terminal: Terminal,
): number {
  if (outcome.kind === "refused") {
    terminal.error(problemText(outcome.problem));
    return exitStatus.notDone;
  }
  const read = readJudgedTrace(outcome.trace);
  if (read.kind === "unreadable") {
    if (outcome.kind === "cut") terminal.error(`The run was cut: ${outcome.why}.`);
    for (const problem of read.problems) terminal.error(problem);
    return exitStatus.notDone;
  }
  const { judged } = read;
  if (outcome.kind === "cut")
    terminal.error(`The run was cut: ${outcome.why}. Its trace: ${outcome.trace}`);
  const report = outcome.kind === "cut" ? withReason(judged.report, outcome.why) : judged.report;
  printReport(
    { ...read, judged: { ...judged, report } },
    outcome.trace,
    json ? "json" : "text",
    terminal,
  );
  if (outcome.kind === "cut" || outcome.ended.reason === "failed") return exitStatus.notDone;
  const { failed } = report.events.outcomes;
  return maxFailures !== undefined && failed > maxFailures ? exitStatus.failures : exitStatus.done;
}

function withReason(report: Report, why: string): Report {
  return { ...report, run: { ...report.run, message: `${why}.` } };
}

export function problemText(problem: RunProblem): string {
  const line = problem.line === undefined ? "" : `:${problem.line}:${problem.column ?? 1}`;
  const place = problem.file === undefined ? "" : `${problem.file}${line}: `;
  return `${place}${problem.message}${problem.advice === undefined ? "" : `\n${problem.advice}`}`;
}

function outOf(
  { out, force }: ProfileOptions,
  module: string,
): Pick<ProfileRequest, "out" | "ifTaken"> {
  if (out !== undefined) return { out: resolve(out), ifTaken: force ? "replace" : "refuse" };
  return { out: resolve(defaultOut(module)), ifTaken: "rename" };
}

/** By the second: runs that start in the same one get the names that follow. */
function defaultOut(module: string): string {
  const moment = new Date()
    .toISOString()
    .replace(/\..*/, "")
    .replace(/[-:]/g, "")
    .replace("T", "-");
  return join(".poolscope", `${basename(module, extname(module))}-${moment}.pooltrace`);
}
