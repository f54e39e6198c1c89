// The handle set of queued events (POSA2: HandleSet). A handle is one event's slot. select is called by the leader alone;
// the claim in the slot word is the deactivation: no other thread can select the handle from then on (I3).

import {
  entryMatches,
  generationOf,
  loadSlot,
  moveSlot,
  slotOfEntry,
  slotWord,
  stateOf,
} from "./slot.ts";
import { priorities, slotField, type PoolMemory } from "./pool-memory.ts";
import type { QueueDiscipline, QueueFront } from "./queue-discipline.ts";
import { frontOf, isEmpty, openRing, popFront, type SubmissionRing } from "./submission-ring.ts";

/** An event's slot number. */
export type Handle = number;

interface Candidate extends QueueFront {
  readonly ring: SubmissionRing;
  readonly slot: Handle;
  readonly word: number;
}

export class QueueHandleSet {
  readonly #memory: PoolMemory;
  readonly #discipline: QueueDiscipline;
  readonly #rings: readonly SubmissionRing[];
  readonly #nowMicros: () => number;

  constructor(memory: PoolMemory, discipline: QueueDiscipline, nowMicros: () => number) {
    this.#memory = memory;
    this.#discipline = discipline;
    this.#nowMicros = nowMicros;
    const classes = discipline.byPriority ? priorities : 1;
    this.#rings = Array.from({ length: memory.submitters * classes }, (_, index) =>
      openRing(memory, Math.floor(index / classes), index % classes),
    );
  }

  /** Whether any ring holds an entry, be it a stale one. Any thread may ask. */
  hasWork(): boolean {
    for (const ring of this.#rings) if (!isEmpty(ring)) return true;
    return false;
  }

  /** Number of ring entries. Any thread may ask; exact only while nobody else moves. */
  depth(): number {
    let depth = 0;
    for (const ring of this.#rings) {
      depth += ((ring.words[ring.head] ?? 0) - (ring.words[ring.tail] ?? 0)) | 0;
    }
    return Math.max(0, depth);
  }

  /** The leader takes the event that goes next, deactivated for everyone else. Undefined when nothing waits. */
  select(seat: number): Handle | undefined {
    for (;;) {
      const next = this.#next();
      if (next === undefined) return undefined;
      if (this.deactivateHandle(next.slot, next.word, seat)) {
        popFront(next.ring);
        return next.slot;
      }
    }
  }

  /** Claims a queued handle for a seat; false when it was cancelled or shed meanwhile. */
  deactivateHandle(handle: Handle, seen: number, seat: number): boolean {
    return moveSlot(this.#memory, handle, seen, slotWord(generationOf(seen), "claimed", seat));
  }

  /** Gives a claimed handle back to the queue's states, for an event that runs again. */
  reactivateHandle(handle: Handle, seen: number): boolean {
    const next = slotWord(generationOf(seen) + 1, "queued", 0);
    return moveSlot(this.#memory, handle, seen, next);
  }

  #next(): Candidate | undefined {
    let best: Candidate | undefined;
    for (const ring of this.#rings) {
      const candidate = this.#front(ring);
      if (candidate === undefined) continue;
      if (best === undefined || this.#discipline.before(candidate, best)) best = candidate;
    }
    return best;
  }

  /** The ring's first entry that its slot word confirms; stale ones are popped on the way. */
  #front(ring: SubmissionRing): Candidate | undefined {
    const { words } = this.#memory;
    for (;;) {
      const entry = frontOf(ring);
      if (entry === undefined) return undefined;
      const slot = slotOfEntry(entry);
      const word = loadSlot(this.#memory, slot);
      if (stateOf(word) === "queued" && entryMatches(entry, word)) {
        return {
          ring,
          slot,
          word,
          event: words[this.#memory.slot(slot, slotField.event)] ?? 0,
          priority: words[this.#memory.slot(slot, slotField.priority)] ?? 0,
          waitedMicros: this.#discipline.byPriority ? this.#waited(slot) : 0,
        };
      }
      popFront(ring);
    }
  }

  #waited(slot: Handle): number {
    const submitted = this.#memory.words[this.#memory.slot(slot, slotField.submittedMicros)] ?? 0;
    return Math.max(0, (this.#nowMicros() - submitted) | 0);
  }
}
