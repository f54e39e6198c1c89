// A submitter's own rings, by lane and then by class: where its events wait, and whom to wake for them. Only its own thread pushes,
// and for a thread that is gone the supervisor, until another takes its seat.

import { at } from "../../base/assert.ts";
import { slotField } from "../memory/memory-fields.ts";
import { generationOf, moveSlot, ringEntry, slotWord } from "../memory/slot.ts";
import { isFull, openRing, pushEntry, type SubmissionRing } from "../memory/submission-ring.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

type RingsSetup = Pick<SubmitterSetup, "memory" | "index" | "model" | "discipline">;

export class SubmitterRings {
  readonly #setup: RingsSetup;
  readonly #rings: readonly (readonly SubmissionRing[])[];

  constructor(setup: RingsSetup) {
    const { memory, index } = setup;
    this.#setup = setup;
    this.#rings = Array.from({ length: memory.lanes }, (_, lane) =>
      Array.from({ length: memory.classes }, (_, each) => openRing(memory, index, lane, each)),
    );
  }

  /** `word` is the queued slot's. False when stale entries fill the ring, which pool threads clear before they sleep. */
  push(slot: number, word: number, priority: number): boolean {
    const lane = this.#laneOf(slot);
    if (!pushEntry(this.#ringOf(lane, priority), ringEntry(slot, word))) return false;
    this.#setup.model.published(lane);
    return true;
  }

  /** Gives a slot that waits a new entry here, whoever's it is: see requeue.ts. False when it waits no more, or has no room. */
  requeue(slot: number, seen: number, priority: number): boolean {
    const { memory, model } = this.#setup;
    const lane = this.#laneOf(slot);
    const ring = this.#ringOf(lane, priority);
    // First: once its word has changed the event needs the new entry, and nobody else fills this ring.
    if (isFull(ring)) return false;
    memory.words[memory.slot(slot, slotField.priority)] = priority;
    const word = slotWord(generationOf(seen) + 1, "queued", 0);
    if (!moveSlot(memory, slot, seen, word)) return false;
    pushEntry(ring, ringEntry(slot, word));
    model.published(lane);
    return true;
  }

  #laneOf(slot: number): number {
    const { memory, model } = this.#setup;
    return model.laneOf(memory.words[memory.slot(slot, slotField.object)] ?? 0);
  }

  #ringOf(lane: number, priority: number): SubmissionRing {
    return at(at(this.#rings, lane), this.#setup.discipline().byPriority ? priority : 0);
  }
}
