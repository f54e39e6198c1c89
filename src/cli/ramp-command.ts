// `poolscope ramp`: raises the rate of events until latency bends, then looks closer. A fresh process for each rate.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isPastKnee, rampStep, rampText, type RampStep } from "../presentation/ramp.ts";
import { readConfiguration } from "../session/configuration.ts";
import { findNode } from "../session/find-node.ts";
import { packageFolder } from "../session/package-folder.ts";
import { profile, type ProfileListener } from "../session/profile.ts";
import { exitStatus } from "./exit-status.ts";
import { problemText } from "./profile-command.ts";
import type { RampOptions } from "./ramp-arguments.ts";
import { readTrace } from "./read-trace.ts";
import { onEndSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";

const mostRate = 1_000_000;
/** Between the last rate that went well and the first that did not. */
const closerLooks = 2;

type Measured = RampStep | { readonly problem: string; readonly status: number };

export async function rampCommand(
  options: RampOptions,
  terminal: Terminal,
  runner: URL,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "poolscope-"));
  const steps: RampStep[] = [];
  try {
    for (let rate: number | undefined = options.from; rate !== undefined;) {
      terminal.progress(`ramp: ${rate} events/s ...`);
      const step = await measure(
        options,
        rate,
        join(folder, `${rate}.pooltrace`),
        terminal,
        runner,
      );
      if ("problem" in step) {
        terminal.error(step.problem);
        return step.status;
      }
      steps.push(step);
      rate = nextRate(steps);
    }
  } finally {
    terminal.progress("");
    rmSync(folder, { recursive: true, force: true });
  }
  terminal.print(options.json ? `${JSON.stringify(steps, undefined, 2)}\n` : rampText(steps));
  return exitStatus.done;
}

/** Doubles until the knee is passed, then halves the interval around it. */
function nextRate(steps: readonly RampStep[]): number | undefined {
  const [base] = steps;
  if (base === undefined) return undefined;
  const well = steps.filter((step) => !isPastKnee(step, base)).map(({ offered }) => offered);
  const badly = steps.filter((step) => isPastKnee(step, base)).map(({ offered }) => offered);
  const low = Math.max(0, ...well);
  const high = Math.min(...badly);
  if (badly.length === 0) return low * 2 <= mostRate ? low * 2 : undefined;
  if (well.length === 0 || badly.length > closerLooks) return undefined;
  const next = Math.round((low + high) / 2);
  return next > low && steps.length < 24 ? next : undefined;
}

async function measure(
  { file, seconds, node, settings }: RampOptions,
  rate: number,
  out: string,
  terminal: Terminal,
  runner: URL,
): Promise<Measured> {
  const module = resolve(file);
  const given = { ...settings, rate: String(rate), duration: String(seconds) };
  const read = readConfiguration(module, given);
  if (read.kind === "refused") return { problem: read.problem, status: exitStatus.usage };
  const listener: ProfileListener = {
    started: () => undefined,
    progress: () => undefined,
    output: () => undefined,
    failure: () => undefined,
    warning: (message) => terminal.error(message),
  };
  const found = findNode(node, dirname(module));
  if (found.kind === "refused") return { problem: found.problem, status: exitStatus.usage };
  const root = packageFolder(dirname(module));
  const { configuration } = read;
  const run = profile({ module, root, configuration, out, node: found.path, runner }, listener);
  const signals = onEndSignals(run.kill, run.kill);
  const outcome = await run.outcome;
  signals.release();
  const status = exitStatus.notDone;
  if (outcome.kind === "refused") return { problem: problemText(outcome.problem), status };
  if (outcome.kind === "cut") return { problem: `The run was cut: ${outcome.why}.`, status };
  const trace = readTrace(out);
  if (trace.kind === "unreadable") return { problem: trace.problems.join("\n"), status };
  return rampStep(trace.report, rate, seconds);
}
