// A trace's file, from the trace: for drawn traces that are to be mutated as bytes.

import { deflateRawSync } from "node:zlib";
import { TraceEncoder } from "../../src/trace/encode.ts";
import { fileHeader } from "../../src/trace/format.ts";
import type { TableName } from "../../src/trace/tables.ts";
import type { Trace } from "../../src/trace/trace.ts";

export function encodeTrace(trace: Trace): Uint8Array {
  const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes, { level: 1 }));
  const { header, footer, tables, threads } = trace;
  const pieces = [fileHeader(), encoder.header(header)];
  for (const name of Object.keys(tables) as TableName[]) {
    if (tables[name].length > 0) pieces.push(encoder.rows(name, tables[name]));
  }
  for (const { thread, events, dropped } of threads) {
    if (events.length === 0) continue;
    pieces.push(encoder.events(thread, { ...events, capacity: events.length }, dropped));
  }
  if (footer !== undefined) pieces.push(encoder.footer(footer));
  return Buffer.concat(pieces);
}
