// Which concurrency model fits a workload, where Leader/Followers loses, and why: sentences from the compared figures.

import type { ComparedModel, ModelFigures } from "../analysis/compare/compare-models.ts";
import { confidence, type Decision } from "../analysis/compare/decide.ts";
import type { ConcurrencyModelName } from "../protocol/run-configuration.ts";
import { duration, percent } from "./format.ts";
import { modelWords } from "./model-words.ts";

export type Compared = ComparedModel<ConcurrencyModelName>;

/** A share of failed events by which a model fails more than Leader/Followers is no fit, however fast. */
const failuresAllowed = 0.001;

/**
 * The model that fits, as far as it can be told: the fastest that is surely faster than Leader/Followers, which fits itself
 * where every other one is surely not. Undefined where that is open.
 */
export function fittingModel(models: readonly Compared[], events: number): Compared | undefined {
  const [base] = models;
  const able = ableModels(models, events);
  const faster = able
    .filter(({ against }) => against?.throughput.kind === "better")
    .sort((first, second) => estimateOf(second) - estimateOf(first));
  return faster[0] ?? (able.some(isUntold) ? undefined : base);
}

export function fitSentence(models: readonly Compared[], events: number): string {
  const [base] = models;
  if (base === undefined) return "";
  const best = fittingModel(models, events);
  if (best !== undefined && best !== base) {
    return (
      `${modelWords[best.model]} fits this workload: ${times(best)}${because(best.medians, base.medians)}. ` +
      `${p99Of(best.medians, base.medians)}.`
    );
  }
  const able = ableModels(models, events).toSorted(
    (first, second) => estimateOf(second) - estimateOf(first),
  );
  if (best === undefined) {
    const untold = able.filter(isUntold);
    const start = `No other model is surely faster than Leader/Followers; of ${namesOf(untold)} it could not be told.`;
    const [highest] = untold.filter((model) => estimateOf(model) > 0);
    if (highest === undefined) return start;
    return `${start} The highest figure is ${modelWords[highest.model]}'s: ${times(highest)}.`;
  }
  const start = "Leader/Followers fits this workload: no other model is surely faster";
  const [next] = able;
  if (next === undefined) {
    return `${start}, and in each of them events fail or handlers give other results.`;
  }
  const isTold = next.against?.throughput.kind === "worse";
  const why = isTold ? because(base.medians, next.medians, "Leader/Followers") : "";
  return `${start}. Next is ${modelWords[next.model]} with ${times(next)}${why}.`;
}

/** Those under which the handlers do as under Leader/Followers, without that itself. */
function ableModels(models: readonly Compared[], events: number): Compared[] {
  const [base, ...others] = models;
  const failed = base?.medians.failed ?? 0;
  return others.filter(
    ({ medians, differing }) =>
      differing.length === 0 && medians.failed - failed <= failuresAllowed * events,
  );
}

function isUntold({ against }: Compared): boolean {
  return against?.throughput.kind === "could-not-tell";
}

function namesOf(models: readonly Compared[]): string {
  const names = models.map(({ model }) => modelWords[model]);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

/** Where Leader/Followers loses, and what differs for the models that failed or ran otherwise. */
export function lossSentences(models: readonly Compared[], events: number): string[] {
  const [base, ...others] = models;
  if (base === undefined) return [];
  const better = (of: (model: Compared) => Decision | undefined): string[] =>
    others.flatMap((model) => {
      const decision = of(model);
      if (decision?.kind !== "better") return [];
      return [`${modelWords[model.model]} (${intervalOf(decision)})`];
    });
  const throughput = better(({ against }) => against?.throughput);
  const p99 = better(({ against }) => against?.p99);
  const hasP99 = others.some(({ against }) => against?.p99 !== undefined);
  const losses = [
    ...(throughput.length === 0 ? [] : [`in events/s against ${throughput.join(", ")}`]),
    ...(p99.length === 0 ? [] : [`in p99 against ${p99.join(", ")}`]),
  ];
  const failing = others.filter(
    ({ medians }) => medians.failed - base.medians.failed > failuresAllowed * events,
  );
  return [
    losses.length === 0
      ? `Leader/Followers loses to none of them here, in ${hasP99 ? "events/s or in p99" : "events/s"}, beyond noise.`
      : `Leader/Followers loses here ${losses.join(", and ")}.`,
    ...failing.map(
      ({ model, medians }) =>
        `Under ${modelWords[model]} ${medians.failed} of ${events} events failed (${base.medians.failed} under Leader/Followers): it is no choice for these handlers.`,
    ),
    ...others
      .filter(({ differing }) => differing.length > 0)
      .map(
        ({ model, differing }) =>
          `Under ${modelWords[model]} ${differing.join(", ")} gave other results for the same events: look at why before you choose it.`,
      ),
  ];
}

function estimateOf({ against }: Compared): number {
  return against?.throughput.change.estimate ?? 0;
}

function times({ against }: Compared): string {
  if (against === undefined) return "";
  const { change } = against.throughput;
  return (
    `${(1 + change.estimate).toFixed(2)} times the events/s of Leader/Followers ` +
    `(${Math.round(confidence * 100)} % interval ${(1 + change.low).toFixed(2)} to ${(1 + change.high).toFixed(2)})`
  );
}

function intervalOf({ change }: Decision): string {
  return `x${(1 + change.low).toFixed(2)} to x${(1 + change.high).toFixed(2)}`;
}

/** What of the figures explains that `winner` is faster. */
function because(winner: ModelFigures, loser: ModelFigures, subject = "it"): string {
  const reasons = [
    ...(loser.lockWait - winner.lockWait >= 0.1
      ? [
          `its threads wait for locks ${percent(winner.lockWait)} of their time instead of ${percent(loser.lockWait)}`,
        ]
      : []),
    ...(winner.cpuPerEvent <= 0.8 * loser.cpuPerEvent
      ? [
          `an event costs ${duration(winner.cpuPerEvent)} of processor instead of ${duration(loser.cpuPerEvent)}`,
        ]
      : []),
    ...(winner.switchesPerEvent <= 0.7 * loser.switchesPerEvent && loser.switchesPerEvent >= 0.3
      ? [
          `an event costs ${winner.switchesPerEvent.toFixed(2)} context switches instead of ${loser.switchesPerEvent.toFixed(2)}`,
        ]
      : []),
  ];
  if (reasons.length === 0) return "; lock waits, processor time and switches do not say why";
  const lead = subject === "it" ? ", as " : `; under ${subject} `;
  return `${lead}${reasons.join(" and ")}`;
}

function p99Of(winner: ModelFigures, base: ModelFigures): string {
  return `Its p99 is ${duration(winner.p99)}, Leader/Followers' ${duration(base.p99)}`;
}
