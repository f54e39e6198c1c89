// `poolscope models`: the same handlers and workload under each concurrency model, interleaved. Returns the exit status.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  modelTraceFigures,
  type ModelTraceFigures,
} from "../analysis/compare/model-trace-figures.ts";
import { modelComparison } from "../presentation/model-comparison.ts";
import { modelComparisonText } from "../presentation/model-comparison-text.ts";
import { compareModels, type ModelsOutcome } from "../session/compare-models.ts";
import { readConfiguration } from "../session/configuration.ts";
import { findNode } from "../session/find-node.ts";
import { packageFolder } from "../session/package-folder.ts";
import { exitStatus } from "./exit-status.ts";
import type { ModelsOptions } from "./models-arguments.ts";
import { problemText } from "./profile-command.ts";
import type { Terminal } from "./terminal.ts";

export async function modelsCommand(
  options: ModelsOptions,
  terminal: Terminal,
  runner: URL,
): Promise<number> {
  const module = resolve(options.file);
  const read = readConfiguration(module, options.settings);
  if (read.kind === "refused") {
    terminal.error(read.problem);
    return exitStatus.usage;
  }
  const keeps = options.out !== undefined;
  const out = keeps ? resolve(options.out) : mkdtempSync(join(tmpdir(), "poolscope-"));
  const { configuration } = read;
  const run = compareModels(
    {
      module,
      root: packageFolder(dirname(module)),
      configuration,
      rounds: options.rounds,
      out,
      node: findNode(options.node, dirname(module)).path,
      runner,
    },
    {
      progress: (round) => terminal.progress(progressText(round, options.rounds)),
      output: ({ thread, text }) => terminal.output(`[${thread}] ${text}`),
    },
    modelTraceFigures,
  );
  process.once("SIGINT", run.cancel);
  const outcome = await run.outcome;
  process.off("SIGINT", run.cancel);
  terminal.progress("");
  if (!keeps) rmSync(out, { recursive: true, force: true });
  if (outcome.kind !== "measured") return tellFailure(outcome, terminal);
  const { plan, rounds, traces } = outcome;
  const result = modelComparison({
    module: options.file,
    configuration,
    rounds,
    eventsPerBlock: plan.closed.events,
    openRate: plan.openRate,
    notes: plan.notes,
    traces: keeps ? traces : undefined,
  });
  terminal.print(
    options.json
      ? `${JSON.stringify(result, undefined, 2)}\n`
      : modelComparisonText(result, terminal.colour),
  );
  return exitStatus.done;
}

function progressText(round: number, rounds: number): string {
  return round === 0 ? "finding how long a block must be" : `round ${round} of ${rounds}`;
}

function tellFailure(
  outcome: Exclude<ModelsOutcome<ModelTraceFigures>, { kind: "measured" }>,
  terminal: Terminal,
): number {
  switch (outcome.kind) {
    case "cancelled":
      terminal.error("The comparison was stopped: what it measured so far proves nothing.");
      break;
    case "cut":
      terminal.error(`A process ended too early: ${outcome.why}.`);
      break;
    case "refused":
      terminal.error(problemText(outcome.problem));
      break;
  }
  return exitStatus.notDone;
}
