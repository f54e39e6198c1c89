// "Compare Concurrency Models": runs the module of a trace, as it is saved now, under each model, with the configuration of
// that run. The traces of an earlier comparison are replaced only by a whole new set of them.

import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { modelTraceFigures } from "../analysis/compare/model-trace-figures.ts";
import { modelComparison } from "../presentation/model-comparison.ts";
import { modelTable } from "../presentation/model-table.ts";
import { concurrencyModels, type ConcurrencyModelName } from "../protocol/run-configuration.ts";
import type { CompareModelsAnswer, CompareModelsParams } from "../protocol/server-messages.ts";
import { compareModels, defaultRounds } from "../session/compare-models.ts";
import { findNodeFor, ownNode } from "../session/find-node.ts";
import type { NamedVersion } from "../session/versions.ts";
import type { ComparisonTold } from "./comparison-told.ts";
import { refused, versionsOfRun } from "./versions-of-run.ts";
import { openPart, takePlace } from "./whole-folder.ts";

export async function compareModelsOfTrace(
  params: CompareModelsParams,
  told: ComparisonTold,
): Promise<CompareModelsAnswer> {
  const { folders } = told;
  const versions = versionsOfRun({ ...params, runs: "module", folders });
  if (versions.kind !== "versions") return versions;
  const part = openPart(params.out);
  try {
    return await measure(params, told, versions.now, part);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function measure(
  { out, node, useOwnNode, maxTraceBytes }: CompareModelsParams,
  told: ComparisonTold,
  { module, root, configuration }: NamedVersion,
  part: string,
): Promise<CompareModelsAnswer> {
  const found = useOwnNode ? ownNode : findNodeFor(node, dirname(module));
  if (found === undefined) return { kind: "no-node" };
  if (found.kind === "refused") return refused(found.problem);
  const rounds = defaultRounds;
  const clock = new RoundClock(rounds);
  const comparison = compareModels(
    {
      module,
      root,
      configuration: { ...configuration, maxTraceBytes },
      rounds,
      out: part,
      node: found.path,
      runner: told.runner,
    },
    {
      progress: (round) => told.progress(Math.max(0, round - 1), rounds, clock.text(round)),
      output: told.output,
    },
    modelTraceFigures,
  );
  told.onCancel(comparison.cancel);
  const outcome = await comparison.outcome;
  switch (outcome.kind) {
    case "cancelled":
      return { kind: "cancelled" };
    case "refused":
      return { kind: "refused", problem: outcome.problem };
    case "cut":
      return refused(`A process ended too early: ${outcome.why}.`);
    case "measured": {
      const { plan, rounds } = outcome;
      const placed = await takePlace(part, out);
      const { openRate, notes, closed } = plan;
      const eventsPerBlock = closed.events;
      const traces = movedTo(placed, outcome.traces);
      return {
        kind: "compared",
        table: modelTable(
          modelComparison({
            module,
            configuration,
            rounds,
            eventsPerBlock,
            openRate,
            notes,
            traces,
          }),
        ),
      };
    }
  }
}

type Traces = Readonly<Record<ConcurrencyModelName, string>>;

function movedTo(placed: (path: string) => string, traces: Traces): Traces {
  return Object.fromEntries(
    concurrencyModels.map((model) => [model, placed(traces[model])]),
  ) as Traces;
}

/** How long the rounds that are left will take, by those that are over. */
class RoundClock {
  readonly #rounds: number;
  #began = 0;

  constructor(rounds: number) {
    this.#rounds = rounds;
  }

  /** As a round begins; 0 is the trial before the first. */
  text(round: number): string {
    if (round === 0) return "finding how long a block must be";
    if (round === 1) this.#began = performance.now();
    const place = `round ${round} of ${this.#rounds}`;
    if (round === 1) return place;
    const each = (performance.now() - this.#began) / (round - 1);
    return `${place}, about ${Math.ceil((each * (this.#rounds - round + 1)) / 1000)} s left`;
  }
}
