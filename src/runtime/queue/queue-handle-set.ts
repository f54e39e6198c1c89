// The handle set of queued events (POSA2: HandleSet). A handle is one event's slot. The claim in the slot word is the
// deactivation: no other thread can select the handle from then on (I3), though several may try in models without a leader.
// Where keys are exclusive it is its key's deactivation too, see busy-keys.ts.

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
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { BusyKeys } from "./busy-keys.ts";
import type { QueueDiscipline, QueueFront } from "./queue-discipline.ts";
import { disciplineOf, isSpread, loadRegime, seatsUsed } from "../memory/regime.ts";
import {
  entryAt,
  isEmpty,
  openRing,
  popFront,
  tailOf,
  takeOut,
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

/** How many of a ring's events are passed over for their keys, at most: it is the time that a look takes. */
const farthestLook = 4096;

interface Candidate extends QueueFront {
  readonly ring: SubmissionRing;
  readonly tail: number;
  /** Of the entry: the tail, unless others were passed over for their keys. */
  readonly place: number;
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
  /** Where keys are exclusive. */
  readonly #keys: BusyKeys | undefined;

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
    this.#keys = memory.exclusiveKeys ? new BusyKeys(memory) : undefined;
  }

  /** Whether any ring holds an entry, be it a stale one; of exclusive keys one that may be taken. Any thread may ask. */
  hasWork(): boolean {
    const regime = loadRegime(this.#memory);
    const rings = this.#rings(regime);
    const count = this.#inUse(regime, rings);
    const keys = this.#keys;
    keys?.beginLook();
    for (let index = 0; index < count; index++) {
      const ring = at(rings, index);
      if (keys === undefined ? !isEmpty(ring) : this.#hasFree(ring, keys)) return true;
    }
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
      const next = this.#next(this.#keys);
      if (next === undefined) return undefined;
      const { slot, entry, word } = next;
      if (this.#keys?.deactivate(slot, entry) === false) continue;
      if (this.deactivateHandle(slot, word, seat)) {
        takeOut(next.ring, next.tail, next.place);
        return slot;
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

  /** `keys`: events of busy ones are passed over. */
  #next(keys?: BusyKeys): Candidate | undefined {
    let best: Candidate | undefined;
    const regime = loadRegime(this.#memory);
    const discipline = this.#order ?? disciplineOf(regime);
    const rings = this.#rings(regime);
    const count = this.#inUse(regime, rings);
    keys?.beginLook();
    for (let index = 0; index < count; index++) {
      const candidate = this.#front(at(rings, index), discipline, keys);
      if (candidate === undefined) continue;
      if (best === undefined || discipline.before(candidate, best)) best = candidate;
    }
    return best;
  }

  /** The ring's first entry that its slot word confirms, and its key allows; stale ones are taken out on the way. */
  #front(
    ring: SubmissionRing,
    discipline: QueueDiscipline,
    keys: BusyKeys | undefined,
  ): Candidate | undefined {
    const { words } = this.#memory;
    let passed = 0;
    while (passed < farthestLook) {
      const tail = tailOf(ring);
      const place = (tail + passed) | 0;
      const entry = entryAt(ring, place);
      if (entry === undefined) return undefined;
      const slot = slotOfEntry(entry);
      const word = loadSlot(this.#memory, slot);
      if (!isWaiting(entry, word)) takeOut(ring, tail, place);
      else if (keys?.allows(slot, entry) === false) passed++;
      else {
        return {
          ring,
          tail,
          place,
          entry,
          slot,
          word,
          event: words[this.#memory.slot(slot, slotField.event)] ?? 0,
          priority: words[this.#memory.slot(slot, slotField.priority)] ?? 0,
          waitedMicros: discipline.byPriority ? this.#waited(slot) : 0,
          dueMicros: words[this.#memory.slot(slot, slotField.dueMicros)] ?? 0,
        };
      }
    }
    return undefined;
  }

  /** As #front, but changes nothing: others may select from the ring meanwhile. */
  #hasFree(ring: SubmissionRing, keys: BusyKeys): boolean {
    const tail = tailOf(ring);
    for (let passed = 0; passed < farthestLook; passed++) {
      const entry = entryAt(ring, (tail + passed) | 0);
      if (entry === undefined) return false;
      const slot = slotOfEntry(entry);
      if (isWaiting(entry, loadSlot(this.#memory, slot)) && keys.allows(slot, entry)) return true;
    }
    return false;
  }

  #waited(slot: Handle): number {
    const submitted = this.#memory.words[this.#memory.slot(slot, slotField.submittedMicros)] ?? 0;
    return Math.max(0, (this.#nowMicros() - submitted) | 0);
  }
}

function isWaiting(entry: number, word: number): boolean {
  return stateOf(word) === "queued" && entryMatches(entry, word);
}

function each(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
