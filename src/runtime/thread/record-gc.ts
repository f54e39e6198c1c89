// Writes a thread's garbage collections into its ring. Node tells of them on the event loop, some time after they were;
// each is recorded with the time at which it ended.

import { constants, PerformanceObserver, type PerformanceEntry } from "node:perf_hooks";
import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";

/** Kinds as the trace numbers them: 1 minor, 2 major, 3 incremental, 4 weak callbacks, 0 other. */
const kinds: Readonly<Record<number, number>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 1,
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 2,
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 3,
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 4,
};

export function recordGarbageCollections(recorder: Recorder): void {
  if (!recorder.scheduling) return;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) recordOne(recorder, entry);
  });
  observer.observe({ type: "gc" });
}

function recordOne(recorder: Recorder, entry: PerformanceEntry): void {
  const agoMillis = performance.now() - entry.startTime - entry.duration;
  const ended = process.hrtime.bigint() - BigInt(Math.max(0, Math.round(agoMillis * 1e6)));
  // Node gives it to entries of this type only; the types leave it out.
  const { detail } = entry as { readonly detail?: { readonly kind?: number } };
  const micros = Math.round(entry.duration * 1000);
  recorder.recordAt(
    ended,
    codes.garbageCollected,
    0,
    kinds[detail?.kind ?? 0] ?? 0,
    micros,
    0,
    0,
    0,
  );
}
