// What a trace's header and footer must be. decode reads them through these: a field that is missing or out of its bounds stands
// as unknown and is told, and the rest is shown.

import { budgets } from "./budgets.ts";
import {
  concurrencyModels,
  endReasons,
  recordingLevels,
  traceOrigins,
  type TraceFooter,
  type TraceHeader,
} from "./header.ts";
import { longestTime } from "./trace.ts";
import { anyObject, oneOf, quantity, record, text, whole, type ValueKind } from "./value-kind.ts";

/** The largest number of a process that some system gives. */
const largestPid = 2 ** 32 - 1;
const words = text(256, "unknown");
const path = (unknown: string): ValueKind<string> => text(budgets.text, unknown);

export const headerKind: ValueKind<TraceHeader> = record<TraceHeader>({
  model: oneOf(concurrencyModels, "foreign-pool"),
  origin: oneOf(traceOrigins, "attached"),
  pool: words,
  pid: whole(0, largestPid, 0),
  parentPid: whole(0, largestPid, 0),
  startedAt: words,
  startNanos: text(32, "0"),
  nodeVersion: words,
  nodePath: path("an unknown node"),
  platform: words,
  cpuModel: words,
  cpuCount: whole(0, 2 ** 16, 0),
  module: path("an unknown module"),
  root: path("."),
  configuration: anyObject(budgets.jsonDepth),
  level: oneOf(recordingLevels, "off"),
  nanosPerEvent: quantity(1e9, 0),
});

export const footerKind: ValueKind<TraceFooter> = record<TraceFooter>({
  endNanos: quantity(longestTime, 0),
  reason: oneOf(endReasons, "failed"),
  message: text(budgets.text, "The trace does not say how the run ended."),
});
