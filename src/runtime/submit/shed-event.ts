// What happens when every place is taken and nobody may wait: an event is shed, the new one at the door or one that waits. It
// has its outcome all the same.

import { codes } from "../../recorder/codes.ts";
import { tellReason, type AcceptedEvent } from "./accepted-event.ts";
import { countOutcome, countSubmitted } from "../memory/counts.ts";
import { slotField } from "../memory/memory-fields.ts";
import { fifo, type QueueDiscipline } from "../queue/queue-discipline.ts";
import { QueueHandleSet } from "../queue/queue-handle-set.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

/** Counts, records and rejects an event that never was in a slot; `id` is its event number. */
export function shedEvent(setup: SubmitterSetup, event: AcceptedEvent, id: number): void {
  const { memory, recorder, handlers } = setup;
  countSubmitted(memory);
  countOutcome(memory, "shed");
  if (recorder.scheduling) {
    const turn = setup.currentTurn();
    recorder.record(codes.eventShed, turn, event.priority, id, event.handler, 0, 0);
  }
  tellReason(event, shedError(handlers[event.handler] ?? "", memory.capacity));
}

function shedError(type: string, places: number): Error {
  const message = `Event "${type}" was shed: all ${places} places of the queue are taken.`;
  return Object.assign(new Error(message), { name: "ShedError", code: "ERR_EVENT_SHED" });
}

/** Of one that waits, in favour of `event`; undefined when `event` is the one to be shed. */
export function victimsError(
  { memory, handlers, whenFull }: SubmitterSetup,
  slot: number,
  event: AcceptedEvent,
): Error | undefined {
  const field = (name: number): number => memory.words[memory.slot(slot, name)] ?? 0;
  const isLower = field(slotField.priority) < event.priority;
  if (whenFull === "shed-lowest" && !isLower) return undefined;
  return shedError(handlers[field(slotField.handler)] ?? "", memory.capacity);
}

/** The submitter's own events that wait, those first that are to be shed first; undefined where none of them is. */
export function victims(setup: SubmitterSetup): QueueHandleSet | undefined {
  const { whenFull, memory, nowMicros, index } = setup;
  if (whenFull === "wait" || whenFull === "shed-newest") return undefined;
  const order: QueueDiscipline = {
    ...fifo,
    name: whenFull,
    before: whenFull === "shed-oldest" ? fifo.before : lowerOrOlder,
  };
  return new QueueHandleSet(memory, nowMicros, { submitter: index }, order);
}

const lowerOrOlder: QueueDiscipline["before"] = (first, second) =>
  first.priority === second.priority
    ? fifo.before(first, second)
    : first.priority < second.priority;
