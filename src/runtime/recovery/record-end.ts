// Writes what became of an event whose thread died, on that thread's behalf: the supervisor's part of the event's story.

import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import { outcomeCode, type Outcome } from "../../trace/outcome.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

export function recordEnd(
  memory: PoolMemory,
  recorder: Recorder,
  slot: number,
  how: Outcome | "retried",
): void {
  if (!recorder.scheduling) return;
  const field = (name: number): number => memory.words[memory.slot(slot, name)] ?? 0;
  const [code, small] =
    how === "retried"
      ? [codes.retried, field(slotField.attempt)]
      : [codes.settled, outcomeCode[how]];
  recorder.record(code, 0, small, field(slotField.event), field(slotField.handler), 0, 0);
}
