// Writes that this thread has taken an event: the end of its wait in the queue.

import { codes } from "../../recorder/codes.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { Handle } from "../queue/queue-handle-set.ts";
import type { ModelThread } from "./pool-model.ts";

/** `generation` is the leadership's; 0 in models without one. */
export function recordSelected(thread: ModelThread, handle: Handle, generation: number): void {
  const { memory, recorder, handleSet } = thread;
  if (!recorder.scheduling) return;
  const field = (name: number): number => memory.words[memory.slot(handle, name)] ?? 0;
  recorder.record(
    codes.eventSelected,
    0,
    field(slotField.priority),
    field(slotField.event),
    field(slotField.handler),
    handleSet.depth(),
    generation,
  );
}
