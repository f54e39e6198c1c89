// From measured rounds of all models to the plain data that every face shows.

import {
  compareModels,
  leastEventsForP99,
  type MeasuredModel,
} from "../analysis/compare/compare-models.ts";
import type { Decision } from "../analysis/compare/decide.ts";
import type { ModelTraceFigures } from "../analysis/compare/model-trace-figures.ts";
import type { ModelChange, ModelComparison, ModelRow } from "../protocol/model-comparison.ts";
import {
  concurrencyModels,
  type ConcurrencyModelName,
  type RunConfiguration,
} from "../protocol/run-configuration.ts";
import type { BlockResult } from "../protocol/run-messages.ts";
import { count } from "./format.ts";
import { fitSentence, fittingModel, lossSentences } from "./model-sentence.ts";
import { runResults } from "./pair-figures.ts";

/** One model in one round: its blocks, and what its trace says of the closed one. */
interface ModelRound {
  readonly closed: BlockResult;
  readonly open: BlockResult;
  readonly figures: ModelTraceFigures;
}

export interface MeasuredModels {
  readonly module: string;
  readonly configuration: RunConfiguration;
  readonly rounds: readonly ReadonlyMap<ConcurrencyModelName, ModelRound>[];
  readonly eventsPerBlock: number;
  readonly openRate: number;
  readonly notes: Readonly<Record<ConcurrencyModelName, string>>;
  /** Paths of the traces that were kept; undefined when none were. */
  readonly traces: Readonly<Record<ConcurrencyModelName, string>> | undefined;
}

export function modelComparison(given: MeasuredModels): ModelComparison {
  const { module, configuration, rounds, eventsPerBlock, openRate, notes, traces } = given;
  const models = compareModels(
    concurrencyModels,
    rounds.map((round) => new Map([...round].map(([model, each]) => [model, measured(each)]))),
  );
  const events = rounds.length * eventsPerBlock;
  const fitting = fittingModel(models, events)?.model;
  const rows = models.map(({ model, medians, against, differing }): ModelRow => ({
    ...medians,
    model,
    threads: threadsOf(model, configuration.threads),
    against:
      against === undefined
        ? undefined
        : {
            throughput: changeOf(against.throughput),
            p99: against.p99 === undefined ? undefined : changeOf(against.p99),
          },
    differing,
    fits: model === fitting,
    note: notes[model],
    trace: traces?.[model] ?? "",
  }));
  return {
    version: 1,
    module,
    rounds: rounds.length,
    eventsPerBlock,
    openRate,
    rows,
    sentence: fitSentence(models, events),
    remarks: [
      ...lossSentences(models, events),
      ...(models.some(({ against }) => against !== undefined && against.p99 === undefined)
        ? [
            `A block at ${count(openRate)} events/s has fewer than ${count(leastEventsForP99)} events, so p99 is shown and not compared.`,
          ]
        : []),
      `Events/s with ${inFlightOf(configuration)} in flight; p50 and p99 at ${count(openRate)} events/s that come at random. ` +
        `Processor time and context switches are of the whole process, recording included (level "${configuration.level}").`,
    ],
  };
}

function measured({ closed, open, figures }: ModelRound): MeasuredModel {
  const events = closed.results.length;
  return {
    throughput: events / ((closed.end - closed.start) / 1e9),
    p50: open.p50,
    p99: open.p99,
    cpuPerEvent: (closed.cpuMicros * 1000) / events,
    switchesPerEvent: closed.switches / events,
    handOffsPerEvent: figures.handOffs / events,
    lockWait: figures.lockWait,
    failed: closed.failed + open.failed,
    results: runResults({ warmUp: [], blocks: [closed, open] }),
    openEvents: open.results.length,
  };
}

function threadsOf(model: ConcurrencyModelName, threads: number): number {
  if (model === "event-loop") return 1;
  return model === "half-sync-half-async" ? threads + 1 : threads;
}

function inFlightOf({ arrival }: RunConfiguration): number {
  return arrival.kind === "closed" ? arrival.inFlight : 64;
}

function changeOf({ kind, change }: Decision): ModelChange {
  const { estimate, low, high } = change;
  return { verdict: kind, estimate, low, high };
}
