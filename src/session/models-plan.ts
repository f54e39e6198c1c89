// What every model is asked for in every round, found by trial before anything counts: blocks long enough to be measured under the
// fastest model and short enough under the slowest, a rate that all of them can keep up with, and for each model the
// configuration under which the handlers run in it.

import {
  concurrencyModels,
  type Arrival,
  type ConcurrencyModelName,
  type RunConfiguration,
} from "../protocol/run-configuration.ts";
import type { BlockResult } from "../protocol/run-messages.ts";
import { allStarted, type BlockRun } from "./block-run.ts";

export interface ModelsPlan {
  readonly closed: { readonly events: number; readonly arrival: Arrival };
  readonly open: { readonly events: number; readonly arrival: Arrival };
  readonly openRate: number;
  readonly configurations: Readonly<Record<ConcurrencyModelName, RunConfiguration>>;
  /** What is done differently for a model, for the person; "" for nothing. */
  readonly notes: Readonly<Record<ConcurrencyModelName, string>>;
}

type Start = (model: ConcurrencyModelName, configuration: RunConfiguration) => Promise<BlockRun>;

const trialInFlight = 64;
const fastestMillis = 60;
const slowestMillis = 800;
const mostEvents = 50_000;
const openMillis = 600;
const leastOpenEvents = 64;
const mostOpenEvents = 2000;
/** Of what the slowest model can do: busy, and not yet a queue that only grows. */
const openLoad = 0.6;

export async function planModels(
  configuration: RunConfiguration,
  start: Start,
): Promise<ModelsPlan> {
  const { configurations, notes, runs } = await startTrials(configuration, start);
  const { arrival } = configuration;
  const closed: Arrival = arrival.kind === "closed" ? arrival : { kind: "closed", inFlight: 64 };
  const { events, slowestPerSecond } = await trialSize(runs, closed);
  const openRate =
    arrival.kind === "open"
      ? arrival.perSecond
      : Math.max(1, Math.floor(slowestPerSecond * openLoad));
  const openEvents = Math.ceil((openRate * openMillis) / 1000);
  return {
    closed: { events, arrival: closed },
    open: {
      events: Math.min(mostOpenEvents, Math.max(leastOpenEvents, openEvents)),
      arrival: { kind: "open", perSecond: openRate, spacing: "poisson" },
    },
    openRate,
    configurations,
    notes,
  };
}

interface Trials {
  readonly configurations: Record<ConcurrencyModelName, RunConfiguration>;
  readonly notes: Record<ConcurrencyModelName, string>;
  readonly runs: readonly BlockRun[];
}

async function startTrials(configuration: RunConfiguration, start: Start): Promise<Trials> {
  const configurations = record((model): RunConfiguration => {
    if (model === "leader-followers") return { ...configuration, model };
    const alone = { association: "unbound", exclusiveKeys: false, handleSets: 1 } as const;
    return { ...configuration, model, ...alone };
  });
  const notes = record(() => "");
  if ((configuration.concurrentEvents ?? 1) > 1) {
    const alone = { ...configurations["monitor-object"], concurrentEvents: undefined };
    configurations["monitor-object"] = alone;
    notes["monitor-object"] = "one event a thread, as a monitor has it";
  }
  const started = await allStarted(
    concurrencyModels.map((model) => start(model, configurations[model])),
  );
  const runs = new Map(concurrencyModels.map((model, index) => [model, started[index]]));
  const failed = async (model: ConcurrencyModelName): Promise<number> => {
    const arrival = { kind: "closed", inFlight: trialInFlight } as const;
    const params = { events: 2 * trialInFlight, arrival, seed: 0 };
    return (await runs.get(model)?.block(params))?.failed ?? 0;
  };
  // Handlers that hold a blocking lock across an await fail on a loop that begins the next event meanwhile.
  const [usual, looped] = [await failed("leader-followers"), await failed("event-loop")];
  if (looped > usual && configuration.concurrentEvents === undefined) {
    const oneByOne = { ...configurations["event-loop"], concurrentEvents: 1 };
    configurations["event-loop"] = oneByOne;
    notes["event-loop"] = "one event at a time: begun while others await, handlers fail here";
    await runs.get("event-loop")?.end();
    runs.set("event-loop", await start("event-loop", oneByOne));
  }
  return { configurations, notes, runs: [...runs.values()].flatMap((run) => run ?? []) };
}

function record<T>(of: (model: ConcurrencyModelName) => T): Record<ConcurrencyModelName, T> {
  return Object.fromEntries(concurrencyModels.map((model) => [model, of(model)])) as Record<
    ConcurrencyModelName,
    T
  >;
}

async function trialSize(
  runs: readonly BlockRun[],
  arrival: Arrival & { readonly kind: "closed" },
): Promise<{ readonly events: number; readonly slowestPerSecond: number }> {
  for (let events = Math.max(16, 2 * arrival.inFlight); ;) {
    const millis: number[] = [];
    for (const run of runs) {
      // The first block of that size compiles and grows memory: it says nothing of the next.
      await run.block({ events, arrival, seed: 0 });
      millis.push(lengthOf(await run.block({ events, arrival, seed: 0 })));
    }
    const [fastest, slowest] = [Math.min(...millis), Math.max(...millis)];
    const isLong = fastest >= fastestMillis || slowest >= slowestMillis || events >= mostEvents;
    if (isLong) return { events, slowestPerSecond: (1000 * events) / slowest };
    const wanted = Math.ceil((events * 1.2 * fastestMillis) / Math.max(1, fastest));
    const bearable = Math.ceil((events * slowestMillis) / Math.max(1, slowest));
    events = Math.min(mostEvents, wanted, bearable, events * 8);
  }
}

function lengthOf({ start, end }: BlockResult): number {
  return (end - start) / 1e6;
}
