// Writes what threads are to know of an event into its slot, which is the caller's until its word says "queued".

import { step } from "../../sync/step.ts";
import { notCounted } from "../memory/counts.ts";
import { hot, slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { AcceptedEvent } from "./accepted-event.ts";

/** `priority` is what the queue goes by, which is not always what the event was given. */
export function fillSlot(
  { words, slot: wordOf }: PoolMemory,
  slot: number,
  event: AcceptedEvent,
  id: number,
  priority: number,
): void {
  const row = wordOf(slot, 0);
  words[row + slotField.event] = id;
  words[row + slotField.handler] = event.handler;
  words[row + slotField.object] = event.object;
  words[row + slotField.priority] = priority;
  words[row + slotField.givenPriority] = event.priority;
  words[row + slotField.attempt] = 0;
  words[row + slotField.cancel] = 0;
  words[row + slotField.settledBy] = 0;
  words[row + slotField.submittedMicros] = event.submittedMicros;
  words[row + slotField.dueMicros] = event.dueMicros;
  words[row + slotField.counted] = notCounted;
}

/** Events are numbered over all submitters, from 1. */
export function nextEvent({ words }: PoolMemory): number {
  step("add", "event-number", 0);
  return Atomics.add(words, hot.nextEvent, 1) + 1;
}
