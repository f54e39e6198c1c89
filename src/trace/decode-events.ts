// The body of an events chunk, back to columns. Events of unknown kinds, and those whose time no run has, are left out and counted.

import { kindOf } from "./event-kind.ts";
import { columnLimits, type ColumnLimits } from "./event-limits.ts";
import { makeBatch, noEvents } from "./event-batch.ts";
import type { ChunkHeader } from "./format.ts";
import { longestTime, type EventColumns } from "./trace.ts";
import { VarintReader } from "./varint.ts";

export interface DecodedEvents {
  readonly columns: EventColumns;
  readonly dropped: number;
  readonly unknown: number;
  /** Before the trace's start, or later than any run lasts. */
  readonly outOfTime: number;
  /** Fields that were beyond their limits. */
  readonly beyond: number;
  readonly problem: string | undefined;
}

export function decodeEvents(raw: Uint8Array, header: ChunkHeader): DecodedEvents {
  const { columns, dropped, isWhole } = readColumns(raw, header);
  if (!isWhole) {
    const problem = `A chunk of ${header.events} events is not as long as it says.`;
    return { columns: noEvents, dropped: 0, unknown: 0, outOfTime: 0, beyond: 0, problem };
  }
  let beyond = 0;
  for (const name of ["a", "b", "c", "d"] as const) {
    beyond += keepWithin(columns[name], columns.code, columns.length, columnLimits[name]);
  }
  return { ...keepSound(columns), dropped, beyond, problem: undefined };
}

interface ReadColumns {
  readonly columns: EventColumns;
  readonly dropped: number;
  readonly isWhole: boolean;
}

/** Where reading takes its time: nothing else is done here, so that the reader's calls stay inlined. */
function readColumns(raw: Uint8Array, header: ChunkHeader): ReadColumns {
  // Each event has at least one byte a column: what a damaged count can make us allocate is bounded by what is there.
  const count = Math.min(header.events, Math.floor(raw.length / 8));
  const reader = new VarintReader(raw);
  const dropped = reader.unsigned();
  const batch = makeBatch(count);
  let time = header.firstTime;
  for (let index = 0; index < count; index++) {
    time += reader.signed();
    batch.time[index] = time;
  }
  for (let index = 0; index < count; index++) batch.code[index] = reader.unsigned();
  for (let index = 0; index < count; index++) batch.small[index] = reader.unsigned();
  const lastOfKind = new Int32Array(256);
  for (const column of [batch.turn, batch.a, batch.b, batch.c, batch.d]) {
    lastOfKind.fill(0);
    for (let index = 0; index < count; index++) {
      const code = batch.code[index] ?? 0;
      const value = (lastOfKind[code] ?? 0) + reader.signed();
      column[index] = value;
      lastOfKind[code] = value;
    }
  }
  const isWhole = !reader.overrun && reader.atEnd && count === header.events;
  return { columns: { ...batch, length: count }, dropped, isWhole };
}

/** Puts 0 in place of what is beyond its limits; says how often. */
function keepWithin(
  column: Int32Array,
  codes: Uint8Array,
  count: number,
  { least, most }: ColumnLimits,
): number {
  let beyond = 0;
  for (let index = 0; index < count; index++) {
    const value = column[index] ?? 0;
    const code = codes[index] ?? 0;
    if (value >= (least[code] ?? 0) && value <= (most[code] ?? 0)) continue;
    column[index] = 0;
    beyond++;
  }
  return beyond;
}

function keepSound(
  columns: EventColumns,
): Pick<DecodedEvents, "columns" | "unknown" | "outOfTime"> {
  let kept = 0;
  let unknown = 0;
  let outOfTime = 0;
  for (let index = 0; index < columns.length; index++) {
    const time = columns.time[index] ?? 0;
    if (isKnown[columns.code[index] ?? 0] === 0) unknown++;
    // So that NaN is out of time too.
    else if (!(time >= 0 && time <= longestTime)) outOfTime++;
    else {
      if (kept !== index) moveEvent(columns, index, kept);
      kept++;
    }
  }
  return { columns: cutColumns(columns, kept), unknown, outOfTime };
}

/** By code. */
const isKnown = Uint8Array.from({ length: 256 }, (_, code) => Number(kindOf(code) !== undefined));

function moveEvent(columns: EventColumns, from: number, to: number): void {
  for (const name of ["time", "code", "small", "turn", "a", "b", "c", "d"] as const) {
    columns[name][to] = columns[name][from] ?? 0;
  }
}

function cutColumns(columns: EventColumns, length: number): EventColumns {
  return {
    length,
    time: columns.time.subarray(0, length),
    code: columns.code.subarray(0, length),
    small: columns.small.subarray(0, length),
    turn: columns.turn.subarray(0, length),
    a: columns.a.subarray(0, length),
    b: columns.b.subarray(0, length),
    c: columns.c.subarray(0, length),
    d: columns.d.subarray(0, length),
  };
}
