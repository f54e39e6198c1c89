// The handle set of queued events (POSA2: HandleSet). A handle is one event's slot. The claim in the slot word is the
// deactivation: no other thread can select the handle from then on (I3), though several may try in models without a leader.

import { at } from "../../base/assert.ts";
import {
  entryMatches,
  generationOf,
  loadSlot,
  moveSlot,
  slotOfEntry,
  slotWord,
  stateOf,
} from "../memory/slot.ts";
import { slotField, type PoolMemory } from "../memory/pool-memory.ts";
import type { QueueDiscipline, QueueFront } from "./queue-discipline.ts";
import { disciplineOf, isSpread, loadRegime, seatsUsed } from "../memory/regime.ts";
import {
  entryAt,
  isEmpty,
  openRing,
  popFront,
  tailOf,
  type SubmissionRing,
} from "../memory/submission-ring.ts";

/** An event's slot number. */
export type Handle = number;

/** Which of the pool's rings a set is over: all of them, or those of some lanes, of a submitter, of all submitters but one. */
export interface RingsOf {
  readonly lanes?: readonly number[];
  readonly submitter?: number;
  readonly notSubmitter?: number;
}

interface Candidate extends QueueFront {
  readonly ring: SubmissionRing;
  readonly tail: number;
  readonly entry: number;
  readonly slot: Handle;
  readonly word: number;
}

export class QueueHandleSet {
  readonly #memory: PoolMemory;
  readonly #order: QueueDiscipline | undefined;
  readonly #submitters: readonly number[];
  readonly #lanes: readonly number[];
  readonly #nowMicros: () => number;
  readonly #isOfAll: boolean;
  /** Those of class 0: all there are to look at until the discipline needs more. */
  readonly #narrow: readonly SubmissionRing[];
  #wide: readonly SubmissionRing[] | undefined;

  /** `order` in place of the pool's present discipline. */
  constructor(
    memory: PoolMemory,
    nowMicros: () => number,
    of: RingsOf = {},
    order?: QueueDiscipline,
  ) {
    this.#memory = memory;
    this.#order = order;
    this.#nowMicros = nowMicros;
    this.#lanes = of.lanes ?? each(memory.lanes);
    // The workload, which has the last number, goes before the seats, many of which never have a thread.
    const inUseFirst = [0, memory.submitters - 1, ...each(memory.seats).map((seat) => seat + 1)];
    const submitters = of.submitter === undefined ? inUseFirst : [of.submitter];
    this.#submitters = submitters.filter((submitter) => submitter !== of.notSubmitter);
    this.#isOfAll = this.#submitters.length === inUseFirst.length;
    this.#narrow = this.#open(1);
  }

  /** Whether any ring holds an entry, be it a stale one. Any thread may ask. */
  hasWork(): boolean {
    const regime = loadRegime(this.#memory);
    const rings = this.#rings(regime);
    const count = this.#inUse(regime, rings);
    for (let index = 0; index < count; index++) if (!isEmpty(at(rings, index))) return true;
    return false;
  }

  /** Number of ring entries. Any thread may ask; exact only while nobody else moves. */
  depth(): number {
    let depth = 0;
    const regime = loadRegime(this.#memory);
    const rings = this.#rings(regime);
    const count = this.#inUse(regime, rings);
    for (let index = 0; index < count; index++) {
      const ring = at(rings, index);
      depth += ((ring.words[ring.head] ?? 0) - (ring.words[ring.tail] ?? 0)) | 0;
    }
    return Math.max(0, depth);
  }

  /** Takes the event that goes next, deactivated for everyone else. Undefined when nothing waits. */
  select(seat: number): Handle | undefined {
    for (;;) {
      const next = this.#next();
      if (next === undefined) return undefined;
      if (this.deactivateHandle(next.slot, next.word, seat)) {
        popFront(next.ring, next.tail);
        return next.slot;
      }
    }
  }

  /**
   * Gives the event that goes next to `push`, which puts it into another ring, and then takes it off this one: a death in
   * between leaves it in both, where it is claimed once. The event stays queued. False when nothing waits or `push` refused.
   */
  passOn(push: (entry: number, priority: number) => boolean): boolean {
    const next = this.#next();
    if (next === undefined || !push(next.entry, next.priority)) return false;
    popFront(next.ring, next.tail);
    return true;
  }

  /** The event that goes next, still queued. */
  front(): Handle | undefined {
    return this.#next()?.slot;
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

  #rings(regime: number): readonly SubmissionRing[] {
    if (!isSpread(regime)) return this.#narrow;
    return (this.#wide ??= this.#open(this.#memory.classes));
  }

  #open(classes: number): readonly SubmissionRing[] {
    return this.#submitters.flatMap((submitter) =>
      this.#lanes.flatMap((lane) =>
        each(classes).map((index) => openRing(this.#memory, submitter, lane, index)),
      ),
    );
  }

  /** How many of the rings can hold anything. */
  #inUse(regime: number, { length }: readonly SubmissionRing[]): number {
    if (!this.#isOfAll) return length;
    const classes = isSpread(regime) ? this.#memory.classes : 1;
    return (2 + seatsUsed(regime)) * this.#lanes.length * classes;
  }

  #next(): Candidate | undefined {
    let best: Candidate | undefined;
    const regime = loadRegime(this.#memory);
    const discipline = this.#order ?? disciplineOf(regime);
    const rings = this.#rings(regime);
    const count = this.#inUse(regime, rings);
    for (let index = 0; index < count; index++) {
      const candidate = this.#front(at(rings, index), discipline);
      if (candidate === undefined) continue;
      if (best === undefined || discipline.before(candidate, best)) best = candidate;
    }
    return best;
  }

  /** The ring's first entry that its slot word confirms; stale ones are popped on the way. */
  #front(ring: SubmissionRing, discipline: QueueDiscipline): Candidate | undefined {
    const { words } = this.#memory;
    for (;;) {
      const tail = tailOf(ring);
      const entry = entryAt(ring, tail);
      if (entry === undefined) return undefined;
      const slot = slotOfEntry(entry);
      const word = loadSlot(this.#memory, slot);
      if (stateOf(word) === "queued" && entryMatches(entry, word)) {
        return {
          ring,
          tail,
          entry,
          slot,
          word,
          event: words[this.#memory.slot(slot, slotField.event)] ?? 0,
          priority: words[this.#memory.slot(slot, slotField.priority)] ?? 0,
          waitedMicros: discipline.byPriority ? this.#waited(slot) : 0,
          dueMicros: words[this.#memory.slot(slot, slotField.dueMicros)] ?? 0,
        };
      }
      popFront(ring, tail);
    }
  }

  #waited(slot: Handle): number {
    const submitted = this.#memory.words[this.#memory.slot(slot, slotField.submittedMicros)] ?? 0;
    return Math.max(0, (this.#nowMicros() - submitted) | 0);
  }
}

function each(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
