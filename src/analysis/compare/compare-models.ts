// From rounds, in each of which every model ran the same blocks, to a row for each model: medians, its change against the
// first model's in the same round, and the handlers whose results differ from those under the first model.

import { median } from "../../base/median.ts";
import { decide, type Better, type Decision } from "./decide.ts";
import { discoveries } from "./false-discovery.ts";
import { compareResults, type RunResults } from "./same-results.ts";

/** One model in one round. */
export interface ModelFigures {
  /** Events a second, closed loop. */
  readonly throughput: number;
  /** Nanoseconds, open loop. */
  readonly p50: number;
  readonly p99: number;
  readonly cpuPerEvent: number;
  readonly switchesPerEvent: number;
  /** Threads that were woken to take an event over, for one event. */
  readonly handOffsPerEvent: number;
  /** Of the pool threads' time. */
  readonly lockWait: number;
  readonly failed: number;
}

export interface MeasuredModel extends ModelFigures {
  /** Of the round's blocks, the same events for every model in every round. */
  readonly results: RunResults;
  /** In a block at the open rate. */
  readonly openEvents: number;
}

export interface ComparedModel<Name> {
  readonly model: Name;
  readonly medians: ModelFigures;
  readonly against:
    | {
        readonly throughput: Decision;
        /** Undefined where a block has too few events for it. */
        readonly p99: Decision | undefined;
      }
    | undefined;
  /** Handlers that give other results than under the first model, beyond chance. */
  readonly differing: readonly string[];
}

/** What counts as no difference. */
const margin = 0.05;
/** Below it the hundredth-slowest event is no figure. */
export const leastEventsForP99 = 2000;
/** Several models are held against one: of those called faster or slower, so many at most are expected to be chance. */
const falseDiscoveryRate = 0.05;

type Rounds<Name> = readonly ReadonlyMap<Name, MeasuredModel>[];

/** In the order of `names`; each round has figures of all of them. The first is what the others are held against. */
export function compareModels<Name extends string>(
  names: readonly Name[],
  rounds: Rounds<Name>,
): ComparedModel<Name>[] {
  const [base, ...others] = names;
  if (base === undefined) return [];
  const throughput = decisions(base, others, rounds, "higher", ({ throughput }) => throughput);
  const hasP99 = rounds.every((round) =>
    [...round.values()].every(({ openEvents }) => openEvents >= leastEventsForP99),
  );
  const p99 = hasP99 ? decisions(base, others, rounds, "lower", ({ p99 }) => p99) : undefined;
  return names.map((model, index) => {
    const decided = throughput[index - 1];
    return {
      model,
      medians: mediansOf(rounds.flatMap((round) => round.get(model) ?? [])),
      against: decided && { throughput: decided, p99: p99?.[index - 1] },
      differing: differingHandlers(base, model, rounds),
    };
  });
}

/** Of each of `others`; faster and slower only as far as all of them together allow it. */
function decisions<Name>(
  base: Name,
  others: readonly Name[],
  rounds: Rounds<Name>,
  better: Better,
  of: (figures: ModelFigures) => number,
): Decision[] {
  const all = others.map((model) => {
    const logRatios = rounds.flatMap((round) => {
      const [before, after] = [round.get(base), round.get(model)];
      return before === undefined || after === undefined ? [] : [Math.log(of(after) / of(before))];
    });
    return decide(logRatios, better, margin);
  });
  const believed = discoveries(
    all.map(({ change }) => change.p),
    falseDiscoveryRate,
  );
  return all.map((decision, index): Decision => {
    const isChange = decision.kind === "better" || decision.kind === "worse";
    if (!isChange || believed[index] === true) return decision;
    return { kind: "could-not-tell", change: decision.change };
  });
}

function differingHandlers<Name>(base: Name, model: Name, rounds: Rounds<Name>): string[] {
  const compared = compareResults(
    rounds.flatMap((round) => {
      const [before, after] = [round.get(base), round.get(model)];
      if (before === undefined || after === undefined) return [];
      return [{ before: before.results, after: after.results }];
    }),
  );
  if (compared.kind === "other-events") return [];
  return compared.handlers.flatMap(({ handler, kind }) => (kind === "differ" ? [handler] : []));
}

function mediansOf(rounds: readonly ModelFigures[]): ModelFigures {
  const middle = (of: (figures: ModelFigures) => number): number => median(rounds.map(of));
  return {
    throughput: middle(({ throughput }) => throughput),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    cpuPerEvent: middle(({ cpuPerEvent }) => cpuPerEvent),
    switchesPerEvent: middle(({ switchesPerEvent }) => switchesPerEvent),
    handOffsPerEvent: middle(({ handOffsPerEvent }) => handOffsPerEvent),
    lockWait: middle(({ lockWait }) => lockWait),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  };
}
