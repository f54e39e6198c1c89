// What the fields of events may be, by the names that event-kind.ts gives them. A number beyond its limits stands as 0 ("none",
// "unknown") and is counted: an amount is never below 0, and who reads it divides and adds. Fields that are not here may be any
// number: an index that a table does not have is unknown to whoever looks it up.

import { budgets } from "./budgets.ts";
import { eventKinds, type EventKindDefinition } from "./event-kind.ts";

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
  /** Rules look at all events once for each handler. */
  handler: [0, budgets.rows.handlers - 1],
  /** Below 0 for one that is bound to a thread. */
  handleSet: [-budgets.threads, budgets.handleSets - 1],
};

export interface ColumnLimits {
  /** By code. */
  readonly least: Int32Array;
  readonly most: Int32Array;
}

/** Tables, so that a column is checked while it is read and costs a look at each. */
function limitsIn(column: "a" | "b" | "c" | "d"): ColumnLimits {
  const least = new Int32Array(256).fill(-(2 ** 31));
  const most = new Int32Array(256).fill(2 ** 31 - 1);
  for (const { code, fields } of Object.values<EventKindDefinition>(eventKinds)) {
    const limits = limitsOf[fields[column] ?? ""];
    if (limits !== undefined) [least[code], most[code]] = limits;
  }
  return { least, most };
}

/** `small` is never below 0, and who reads it looks it up. */
export const columnLimits: Readonly<Record<"a" | "b" | "c" | "d", ColumnLimits>> = {
  a: limitsIn("a"),
  b: limitsIn("b"),
  c: limitsIn("c"),
  d: limitsIn("d"),
};
