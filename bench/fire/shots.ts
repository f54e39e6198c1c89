// What is fired at a pool: an event of one kind, and which outcomes are right for it.

import type { EventRequest } from "../../src/runtime/handler.ts";

/** How an event ended for whoever submitted it. */
export type Ending =
  | { readonly kind: "resolved"; readonly value: unknown }
  | { readonly kind: "rejected"; readonly error: unknown };

/** What may happen to an event besides, because of others: the pool was closed, its thread died of another's fault. */
export interface Around {
  readonly closes: boolean;
  /** Several turns in a thread: a death takes the others with it. */
  readonly shared: boolean;
}

export interface Shot {
  readonly request: EventRequest;
  /** Milliseconds after the submission at which its signal aborts. */
  readonly abortAfter: number | undefined;
  isRight(ending: Ending, around: Around): boolean;
}

interface Kind {
  readonly type: string;
  readonly payload?: (number: number) => unknown;
  /** Where nothing interferes; undefined: it may end either way, as long as it ends. */
  readonly expect?: (ending: Ending, number: number) => boolean;
  /** Of a hundred shots. */
  readonly weight: number;
  /** Its turn leaves its thread in between: what another event left behind there may end it. */
  readonly leaves?: true;
  /** Its turn never ends by itself: it is aborted, or the pool has a deadline. */
  readonly hangs?: true;
}

const number = (value: number): number => value;

const echoes = (ending: Ending, value: number): boolean =>
  ending.kind === "resolved" && ending.value === value;

const resolves = ({ kind }: Ending): boolean => kind === "resolved";

const rejects =
  (...names: readonly string[]) =>
  (ending: Ending): boolean =>
    ending.kind === "rejected" && (names.length === 0 || names.includes(nameOf(ending.error)));

const died = rejects("ThreadDiedError");
const overdue = rejects("DeadlineError");

const kinds: readonly Kind[] = [
  { type: "echo", payload: number, expect: echoes, weight: 30 },
  { type: "echoLater", leaves: true, payload: number, expect: echoes, weight: 8 },
  { type: "counts", expect: resolves, weight: 12 },
  { type: "countsLater", leaves: true, expect: resolves, weight: 6 },
  { type: "returnsOdd", payload: number, weight: 8 },
  { type: "returnsOddLater", leaves: true, payload: number, weight: 3 },
  { type: "throwsOdd", payload: number, expect: rejects(), weight: 8 },
  { type: "throwsOddLater", leaves: true, payload: number, expect: rejects(), weight: 3 },
  { type: "obeys", leaves: true, expect: rejects(), weight: 3, hangs: true },
  { type: "neverSettles", leaves: true, expect: overdue, weight: 2, hangs: true },
  { type: "computesForEver", expect: overdue, weight: 2, hangs: true },
  { type: "sleepsForEver", expect: overdue, weight: 2, hangs: true },
  { type: "exits", expect: died, weight: 2 },
  { type: "exitsHolding", expect: died, weight: 2 },
  { type: "fillsItsHeap", expect: rejects("ThreadDiedError", "DeadlineError"), weight: 1 },
  { type: "throwsOutside", expect: resolves, weight: 1 },
  { type: "keepsTheLock", expect: resolves, weight: 2 },
  { type: "overflows", expect: rejects("RangeError"), weight: 2 },
  { type: "nests", leaves: true, payload: number, expect: echoes, weight: 2 },
  { type: "nestsAndLeaves", payload: number, expect: resolves, weight: 2 },
];

const all = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));

/** Rejections that are another event's fault, or the person's will. */
const byDeath = rejects("ThreadDiedError", "DeadlineError");
/** The second: accepted, and not started when the pool was closed. */
const byClosing = rejects("PoolClosedError", "AbortError");
const byAbort = rejects("AbortError");

/** A thread whose turns are suspended may take another event, whose lock one of them holds: blocking there would never end. */
function isRefusedLock(ending: Ending): boolean {
  const isOne = ending.kind === "rejected" && ending.error instanceof Error;
  return isOne && /is held by another turn of this thread/.test(String(ending.error));
}

/**
 * A thread whose turns wait for events that they submitted takes one more beyond its limit, rather than let the pool wait for itself;
 * and that one ends with the thread when a turn of before is overdue.
 */
function endedWithOverdue(ending: Ending, type: string): boolean {
  if (!byDeath(ending) || ending.kind !== "rejected") return false;
  const told = String(ending.error);
  const overdue = /: (\w+) did not settle|\("(\w+)"\) was cancelled/.exec(told);
  return overdue !== null && (overdue[1] ?? overdue[2]) !== type;
}

/** `random` gives from 0 to below 1. */
export function shotOf(index: number, random: () => number): Shot {
  const kind = all[Math.floor(random() * all.length)] ?? kinds[0];
  if (kind === undefined) throw new Error("Poolscope defect: no kinds");
  const { type, payload, expect } = kind;
  const isAborted = random() < (kind.hangs === true ? 0.5 : 0.05);
  const abortAfter = isAborted ? Math.floor(random() * 20) : undefined;
  return {
    request: {
      type,
      payload: payload?.(index),
      priority: Math.floor(random() * 8),
      ...(random() < 0.3 ? { key: Math.floor(random() * 5) } : {}),
    },
    abortAfter,
    isRight: (ending, { closes, shared }) =>
      (expect?.(ending, index) ?? true) ||
      isRefusedLock(ending) ||
      endedWithOverdue(ending, type) ||
      (isAborted && byAbort(ending)) ||
      (closes && (byClosing(ending) || byDeath(ending))) ||
      ((shared || kind.leaves === true) && byDeath(ending)),
  };
}

function nameOf(error: unknown): string {
  return typeof error === "object" && error !== null && "name" in error ? String(error.name) : "";
}
