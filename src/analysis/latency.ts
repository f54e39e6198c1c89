// What became of each event and how long each part took, per handler: queue wait, hand-off, service, lock wait, total.

import { outcomes, type Outcome } from "../trace/outcome.ts";
import type { Trace } from "../trace/trace.ts";
import { distributionOf } from "./distribution.ts";
import type { HandlerLatency } from "./report.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";
import { handlerName } from "./sites.ts";
import type { TurnWait } from "./turn-waits.ts";

export interface EventLife {
  readonly event: number;
  handler: number;
  /** Higher is more urgent. */
  priority?: number;
  /** Of its last run. */
  thread?: number;
  submitted?: number;
  selected?: number;
  started?: number;
  ended?: number;
  settled?: number;
  outcome?: Outcome;
  settledTimes: number;
  turnKey?: string;
}

export interface EventLives {
  readonly lives: ReadonlyMap<number, EventLife>;
  readonly submitted: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

export function eventLives(trace: Trace): EventLives {
  const lives = new Map<number, EventLife>();
  const counts = noOutcomes();
  for (const thread of trace.threads) {
    forEachEvent(thread, (event) => seeEvent(lives, thread.thread, event));
  }
  let submitted = 0;
  for (const life of lives.values()) {
    if (life.submitted !== undefined) submitted++;
    if (life.outcome !== undefined) counts[life.outcome]++;
  }
  return { lives, submitted, outcomes: counts };
}

export function noOutcomes(): Record<Outcome, number> {
  return { completed: 0, failed: 0, cancelled: 0, shed: 0, "dead-lettered": 0 };
}

function seeEvent(lives: Map<number, EventLife>, thread: number, event: SeenEvent): void {
  switch (event.kind) {
    case "eventSubmitted": {
      const life = lifeOf(lives, event);
      life.submitted = event.time;
      life.priority = event.small;
      break;
    }
    case "eventSelected": {
      const life = lifeOf(lives, event);
      life.selected = event.time;
      life.priority = event.small;
      break;
    }
    case "handlerStarted": {
      const life = lifeOf(lives, event);
      life.started = event.time;
      life.thread = thread;
      life.turnKey = `${thread} ${event.turn}`;
      break;
    }
    case "handlerEnded":
    case "handlerFailed":
      lifeOf(lives, event).ended = event.time;
      break;
    case "settled":
      settle(lifeOf(lives, event), event.time, outcomes[event.small]);
      break;
    case "eventShed": {
      const life = lifeOf(lives, event);
      life.submitted = event.time;
      settle(life, event.time, "shed");
      break;
    }
    default:
      break;
  }
}

function settle(life: EventLife, time: number, outcome: Outcome | undefined): void {
  life.settled = time;
  life.settledTimes++;
  if (outcome !== undefined) life.outcome = outcome;
}

function lifeOf(lives: Map<number, EventLife>, event: SeenEvent): EventLife {
  const known = lives.get(event.a);
  if (known !== undefined) return known;
  const life: EventLife = { event: event.a, handler: event.b, settledTimes: 0 };
  lives.set(event.a, life);
  return life;
}

interface Durations {
  readonly outcomes: Record<Outcome, number>;
  readonly queueWait: number[];
  readonly handOff: number[];
  readonly service: number[];
  readonly lockWait: number[];
  readonly total: number[];
}

/** In the order of the handlers' total service time, largest first. */
export function latencies(
  trace: Trace,
  { lives }: EventLives,
  waits: readonly TurnWait[],
): HandlerLatency[] {
  const waitOfTurn = new Map<string, number>();
  for (const wait of waits) {
    const key = `${wait.thread} ${wait.turn}`;
    waitOfTurn.set(key, (waitOfTurn.get(key) ?? 0) + wait.end - wait.start);
  }
  const byHandler = new Map<number, Durations>();
  for (const life of lives.values()) addLife(byHandler, life, waitOfTurn);
  return [...byHandler]
    .map(([handler, durations]) => ({
      handler: handlerName(trace, handler),
      outcomes: durations.outcomes,
      queueWait: distributionOf(durations.queueWait),
      handOff: distributionOf(durations.handOff),
      service: distributionOf(durations.service),
      lockWait: distributionOf(durations.lockWait),
      total: distributionOf(durations.total),
    }))
    .sort((first, second) => second.service.total - first.service.total);
}

function addLife(
  byHandler: Map<number, Durations>,
  life: EventLife,
  waitOfTurn: ReadonlyMap<string, number>,
): void {
  const durations = byHandler.get(life.handler) ?? {
    outcomes: noOutcomes(),
    queueWait: [],
    handOff: [],
    service: [],
    lockWait: [],
    total: [],
  };
  byHandler.set(life.handler, durations);
  if (life.outcome !== undefined) durations.outcomes[life.outcome]++;
  push(durations.queueWait, life.submitted, life.selected);
  push(durations.handOff, life.selected, life.started);
  push(durations.service, life.started, life.ended);
  push(durations.total, life.submitted, life.settled);
  if (life.turnKey !== undefined) durations.lockWait.push(waitOfTurn.get(life.turnKey) ?? 0);
}

function push(into: number[], from: number | undefined, to: number | undefined): void {
  if (from !== undefined && to !== undefined) into.push(Math.max(0, to - from));
}
