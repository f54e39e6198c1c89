// `poolscope models`: the same handlers and workload under each concurrency model, interleaved. Returns the exit status.

import { dirname, resolve } from "node:path";
import {
  modelTraceFigures,
  type ModelTraceFigures,
} from "../analysis/compare/model-trace-figures.ts";
import { modelComparison } from "../presentation/model-comparison.ts";
import { modelComparisonText } from "../presentation/model-comparison-text.ts";
import {
  concurrencyModels,
  type ConcurrencyModelName,
  type RunConfiguration,
} from "../protocol/run-configuration.ts";
import { compareModels, type ModelsOutcome } from "../session/compare-models.ts";
import { readConfiguration } from "../session/configuration.ts";
import { findNode } from "../session/find-node.ts";
import { closeFolder, keepTrace, openFolder, type TraceFolder } from "../session/kept-traces.ts";
import { packageFolder } from "../session/package-folder.ts";
import { exitStatus } from "./exit-status.ts";
import type { ModelsOptions } from "./models-arguments.ts";
import { problemText } from "./profile-command.ts";
import { onEndSignals } from "./signals.ts";
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
  const node = findNode(options.node, dirname(module));
  if (node.kind === "refused") {
    terminal.error(node.problem);
    return exitStatus.usage;
  }
  const folder = openFolder(
    options,
    concurrencyModels.map((model) => `${model}.pooltrace`),
  );
  if (folder.kind === "refused") {
    terminal.error(folder.problem);
    return exitStatus.notDone;
  }
  try {
    return await measure(options, module, read.configuration, node.path, folder, terminal, runner);
  } finally {
    closeFolder(folder);
  }
}

async function measure(
  options: ModelsOptions,
  module: string,
  configuration: RunConfiguration,
  node: string,
  folder: TraceFolder,
  terminal: Terminal,
  runner: URL,
): Promise<number> {
  const run = compareModels(
    {
      module,
      root: packageFolder(dirname(module)),
      configuration,
      rounds: options.rounds,
      out: folder.scratch,
      node,
      runner,
    },
    {
      progress: (round) => terminal.progress(progressText(round, options.rounds)),
      output: ({ thread, text }) => terminal.output(`[${thread}] ${text}`),
    },
    modelTraceFigures,
  );
  const signals = onEndSignals(run.cancel, run.cancel);
  const outcome = await run.outcome;
  signals.release();
  terminal.progress("");
  if (outcome.kind !== "measured") return tellFailure(outcome, terminal);
  const { plan, rounds, traces } = outcome;
  const result = modelComparison({
    module: options.file,
    configuration,
    rounds,
    eventsPerBlock: plan.closed.events,
    openRate: plan.openRate,
    notes: plan.notes,
    traces: keptTraces(folder, traces),
  });
  terminal.print(
    options.json
      ? `${JSON.stringify(result, undefined, 2)}\n`
      : modelComparisonText(result, terminal.colour),
  );
  return exitStatus.done;
}

type Traces = Readonly<Record<ConcurrencyModelName, string>>;

function keptTraces(folder: TraceFolder, traces: Traces): Traces | undefined {
  if (folder.out === undefined) return undefined;
  return Object.fromEntries(
    concurrencyModels.map((model) => [model, keepTrace(folder, traces[model])]),
  ) as Traces;
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
