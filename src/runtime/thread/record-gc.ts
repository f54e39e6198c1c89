// Writes a thread's garbage collections into its ring. Node tells of them on the event loop, some time after they were;
// each is recorded with the time at which it ended. A Node that tells otherwise costs these records and nothing else.

import perfHooks, { type PerformanceEntry } from "node:perf_hooks";
import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import { attempt, type WhyLeft } from "../watch/replace-function.ts";
import type { TellUnseen } from "../watch/unseen.ts";

export function recordGarbageCollections(recorder: Recorder, tellUnseen: TellUnseen): void {
  if (!recorder.scheduling) return;
  const tell = (why: WhyLeft | undefined): void => tellUnseen("garbage collections", "", why);
  tell(attempt(() => observe(recorder, tell)));
}

function observe(recorder: Recorder, tell: (why: WhyLeft | undefined) => void): void {
  const { PerformanceObserver, performance } = perfHooks;
  const { bigint: hrtime } = process.hrtime;
  const kinds = kindsByNumber();
  const recordOne = (entry: PerformanceEntry): void => {
    const agoMillis = performance.now() - entry.startTime - entry.duration;
    const ended = hrtime() - BigInt(Math.max(0, Math.round(agoMillis * 1e6)));
    // Node gives it to entries of this type only; the types leave it out.
    const { detail } = entry as { readonly detail?: { readonly kind?: number } };
    const kind = kinds.get(detail?.kind ?? 0) ?? 0;
    const micros = Math.round(entry.duration * 1000);
    recorder.recordAt(ended, codes.garbageCollected, 0, kind, micros, 0, 0, 0);
  };
  const observer = new PerformanceObserver((list) => {
    // What is thrown here would end the thread.
    const why = attempt(() => list.getEntries().forEach(recordOne));
    if (why === undefined) return;
    observer.disconnect();
    tell(why);
  });
  observer.observe({ type: "gc" });
}

/** As the trace numbers them: 1 minor, 2 major, 3 incremental, 4 weak callbacks, 0 other. */
function kindsByNumber(): ReadonlyMap<number, number> {
  const { constants } = perfHooks;
  return new Map([
    [constants.NODE_PERFORMANCE_GC_MINOR, 1],
    [constants.NODE_PERFORMANCE_GC_MAJOR, 2],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 3],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 4],
  ]);
}
