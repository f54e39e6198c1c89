// What a pool thread tells when its event loop gets a turn: that the turn came late, and how full its heap is.

import { getHeapStatistics } from "node:v8";
import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";

/** Timers and suspended turns notice a delay of this size. */
const overdueMillis = 20;
const heapMillis = 100;

export class LoopRecord {
  readonly #recorder: Recorder;
  #heapSeen = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** `lateMillis` is how long after it was due; `wasWanted` says whether anything waited for it. */
  turned(nowMillis: number, lateMillis: number, wasWanted: () => boolean): void {
    if (!this.#recorder.scheduling) return;
    if (lateMillis >= overdueMillis && wasWanted()) {
      this.#recorder.record(codes.loopOverdue, 0, 0, Math.round(lateMillis * 1000), 0, 0, 0);
    }
    if (nowMillis - this.#heapSeen < heapMillis) return;
    this.#heapSeen = nowMillis;
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    this.#recorder.record(codes.heapSampled, 0, 0, kibibytes(used), kibibytes(limit), 0, 0);
  }
}

function kibibytes(bytes: number): number {
  return Math.round(bytes / 1024);
}
