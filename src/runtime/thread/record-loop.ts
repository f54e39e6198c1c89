// What a pool thread tells when its event loop gets a turn: that the turn came late, and how full its heap is.

import v8 from "node:v8";
import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import { attempt } from "../watch/replace-function.ts";
import type { TellUnseen } from "../watch/unseen.ts";

/** Timers and suspended turns notice a delay of this size. */
const overdueMillis = 20;
const heapMillis = 100;

export class LoopRecord {
  readonly #recorder: Recorder;
  readonly #tellUnseen: TellUnseen;
  /** When the heap is looked at next, in milliseconds of the loop's clock. */
  #heapDue = 0;

  constructor(recorder: Recorder, tellUnseen: TellUnseen) {
    this.#recorder = recorder;
    this.#tellUnseen = tellUnseen;
  }

  /** `lateMillis` is how long after it was due; `wasWanted` says whether anything waited for it. */
  turned(nowMillis: number, lateMillis: number, wasWanted: () => boolean): void {
    if (!this.#recorder.scheduling) return;
    if (lateMillis >= overdueMillis && wasWanted()) {
      this.#recorder.record(codes.loopOverdue, 0, 0, Math.round(lateMillis * 1000), 0, 0, 0);
    }
    if (nowMillis < this.#heapDue) return;
    const why = attempt(() => this.#recordHeap());
    this.#heapDue = why === undefined ? nowMillis + heapMillis : Infinity;
    this.#tellUnseen("the heap", "", why);
  }

  #recordHeap(): void {
    const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics();
    this.#recorder.record(codes.heapSampled, 0, 0, kibibytes(used), kibibytes(limit), 0, 0);
  }
}

function kibibytes(bytes: number): number {
  return Math.round(bytes / 1024);
}
