// Which of the events that wait goes next. The handle set offers the front of each ring; a discipline says which of two
// goes first. A discipline of a person's own fits the same interface.

import { priorities } from "../memory/memory-fields.ts";

export interface QueueFront {
  /** Order of submission over all submitters. */
  readonly event: number;
  readonly priority: number;
  readonly waitedMicros: number;
  /** Wraps: only differences are used. */
  readonly dueMicros: number;
}

export interface QueueDiscipline {
  readonly name: string;
  /** Whether events of different priority wait in rings of their own; else all share class 0. */
  readonly byPriority: boolean;
  /** Whether an event's priority is that of its deadline (classOfDeadline), whatever it was given. */
  readonly byDeadline: boolean;
  /** True when `first` goes before `second`. */
  before(first: QueueFront, second: QueueFront): boolean;
}

export const fifo: QueueDiscipline = {
  name: "fifo",
  byPriority: false,
  byDeadline: false,
  before: (first, second) => first.event < second.event,
};

/** A waiting event rises one priority each time this passes, so that low priority is never starved for ever. */
const ageingMicros = 50_000;

function effectivePriority(front: QueueFront): number {
  return front.priority + Math.floor(front.waitedMicros / ageingMicros);
}

export const priority: QueueDiscipline = {
  name: "priority",
  byPriority: true,
  byDeadline: false,
  before: (first, second) => {
    const difference = effectivePriority(first) - effectivePriority(second);
    return difference === 0 ? first.event < second.event : difference > 0;
  },
};

/**
 * Earliest deadline first. A ring is in the order of submission, so events are spread over the rings by how much time they were
 * given: within one ring a deadline is late by at most the factor 4 between two rings. An event without a deadline is given a
 * minute, so that none waits for ever.
 */
export const deadline: QueueDiscipline = {
  name: "deadline",
  byPriority: true,
  byDeadline: true,
  before: (first, second) => {
    const difference = (first.dueMicros - second.dueMicros) | 0;
    return difference === 0 ? first.event < second.event : difference < 0;
  },
};

/** Microseconds wrap after 71 minutes, and half of that is the longest difference. */
export const longestDeadlineMillis = 30 * 60_000;
export const noDeadlineMillis = 60_000;

/** 7 for a deadline of up to 1 ms, and for one that is past, 6 up to 4 ms, 5 up to 16 ms ... 1 up to 4 s, and 0 beyond. */
export function classOfDeadline(millis: number): number {
  const tightest = priorities - 1;
  return Math.max(0, tightest - Math.max(0, Math.ceil(Math.log2(Math.max(0, millis)) / 2)));
}

/** Rings that a submitter's lane needs for a discipline. */
export function classesOf({ byPriority }: QueueDiscipline): number {
  return byPriority ? priorities : 1;
}

export const queues = ["fifo", "priority", "deadline"] as const;
export type QueueName = (typeof queues)[number];

export const disciplines: Readonly<Record<QueueName, QueueDiscipline>> = {
  fifo,
  priority,
  deadline,
};
