// What the fields of events may be, by the names that event-kind.ts gives them. A number beyond its limits stands as 0 ("none",
// "unknown") and is counted: an amount is never below 0, and who reads it divides and adds. Fields that are not here may be any
// number: an index that a table does not have is unknown to whoever looks it up.

import { budgets } from "./budgets.ts";
import { eventKinds, type EventFields, type EventKindDefinition } from "./event-kind.ts";
import type { EventColumns } from "./trace.ts";

type Limits = readonly [least: number, most: number];

const amount: Limits = [0, 2 ** 31 - 1];
const threadPlus1: Limits = [0, budgets.threads];

const limitsOf: Readonly<Record<string, Limits>> = {
  asked: amount,
  bytes: amount,
  cpuMicros: amount,
  decodeNanos: amount,
  depth: amount,
  encodeNanos: amount,
  involuntary: amount,
  limitKiB: amount,
  micros: amount,
  missing: amount,
  nanos: amount,
  runQueueMicros: amount,
  sinceMicros: amount,
  usedKiB: amount,
  voluntary: amount,
  woken: amount,
  deadThreadPlus1: threadPlus1,
  ownerThreadPlus1: threadPlus1,
  promoterPlus1: threadPlus1,
  toPlus1: threadPlus1,
  wakerPlus1: threadPlus1,
  thread: [0, budgets.threads - 1],
  /** Rules look at all events once for each handler. */
  handler: [0, budgets.rows.handlers - 1],
  /** Below 0 for one that is bound to a thread. */
  handleSet: [-budgets.threads, budgets.handleSets - 1],
};

interface LimitedField {
  readonly column: keyof EventFields;
  readonly least: number;
  readonly most: number;
}

/** By code; empty for kinds without a limited field. */
const limited: readonly (readonly LimitedField[])[] = Array.from({ length: 256 }, (_, code) => {
  const kind = Object.values<EventKindDefinition>(eventKinds).find((each) => each.code === code);
  const fields = kind?.fields ?? {};
  return (["small", "a", "b", "c", "d"] as const).flatMap((column) => {
    const limits = limitsOf[fields[column] ?? ""];
    return limits === undefined ? [] : [{ column, least: limits[0], most: limits[1] }];
  });
});

/** Puts an event's fields within their limits; says whether one had to be. */
export function keepWithinLimits(columns: EventColumns, index: number): boolean {
  let isBeyond = false;
  for (const { column, least, most } of limited[columns.code[index] ?? 0] ?? []) {
    const value = columns[column][index] ?? 0;
    if (value >= least && value <= most) continue;
    columns[column][index] = 0;
    isBeyond = true;
  }
  return isBeyond;
}
