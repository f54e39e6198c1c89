// Gives the events that wait the rings that a new discipline has for them: it compares the fronts of rings only, so that an urgent
// event behind others in one ring would go no sooner than before. Run on the main thread, by whose submitter all get new entries.
//
// Unless the new discipline is fifo, which finds each event's number at the front of whichever ring it is in.
//
// The new entry has the slot's next generation, so the one that the event had is stale from that compare-and-swap on, and is passed
// over like that of a cancelled event. An event that a thread claims first keeps its entry. Where the rings are full, events keep
// theirs: each ring is looked at whatever the discipline is, so none is lost, and a discipline's bound on waiting holds for all.

import { classOfDeadline, type QueueDiscipline } from "./queue-discipline.ts";
import { loadSlot, stateOf } from "../memory/slot.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

/** `give` moves a slot from the word that was seen into the ring of its priority; false when it is gone, or has no room. */
export function requeueWaiting(
  memory: PoolMemory,
  discipline: QueueDiscipline,
  nowMicros: number,
  give: (slot: number, seen: number, priority: number) => boolean,
): void {
  // Within one ring all disciplines rely on the order of submission.
  for (const slot of waiting(memory)) {
    const field = (name: number): number => memory.words[memory.slot(slot, name)] ?? 0;
    const rest = ((field(slotField.dueMicros) - nowMicros) | 0) / 1000;
    const given = field(slotField.givenPriority);
    const priority = discipline.byDeadline ? classOfDeadline(rest) : given;
    const seen = loadSlot(memory, slot);
    if (stateOf(seen) === "queued") give(slot, seen, priority);
  }
}

function waiting(memory: PoolMemory): number[] {
  const eventOf = (slot: number): number => memory.words[memory.slot(slot, slotField.event)] ?? 0;
  return Array.from({ length: memory.slots }, (_, slot) => slot)
    .filter((slot) => stateOf(loadSlot(memory, slot)) === "queued")
    .sort((one, other) => eventOf(one) - eventOf(other));
}
