// How many events waited in the queue, by their priority: told by each submission and selection, which carry it, so that it is exact
// and no sample. Whether urgent events pass the others, and how long those wait for it, shows here first.

import { groupBy } from "../base/group-by.ts";
import { distributionOf } from "./distribution.ts";
import type { EventLife, EventLives } from "./latency.ts";
import { mostAtOnce } from "./most-at-once.ts";
import type { PriorityQueue } from "./report.ts";

interface Stay {
  readonly priority: number;
  readonly start: number;
  readonly end: number;
}

/** The most urgent first. `end` is the trace's. */
export function priorityQueues({ lives }: EventLives, end: number): PriorityQueue[] {
  const stays = [...lives.values()].flatMap((life) => stayOf(life, end));
  const first = stays.reduce((least, { start }) => Math.min(least, start), Infinity);
  const last = stays.reduce((most, stay) => Math.max(most, stay.end), 0);
  return [...groupBy(stays, ({ priority }) => priority)]
    .map(([priority, own]) => {
      const wait = distributionOf(own.map((stay) => stay.end - stay.start));
      const mean = last > first ? wait.total / (last - first) : 0;
      return { priority, events: own.length, deepest: mostAtOnce(own), mean, wait };
    })
    .sort((one, other) => other.priority - one.priority);
}

/** In the queue until it was selected, else until it was cancelled there. One that was refused never was in it. */
function stayOf(life: EventLife, end: number): Stay[] {
  const { submitted, priority, selected, started, settled, outcome } = life;
  const isRefused = outcome === "shed" && selected === undefined;
  if (submitted === undefined || priority === undefined || isRefused) return [];
  const left = selected ?? started ?? settled ?? end;
  return [{ priority, start: submitted, end: Math.max(submitted, left) }];
}
