// Keys of which one event at a time may run (`exclusiveKeys`). An event's claim deactivates its key besides its own slot: the
// key's other events stay in their rings and are passed over, and any thread may take the next once the event has settled.
//
// A key's word names the event that was last claimed under it, as a ring entry does, and is a hint like one: the key is busy while
// that event's slot says that it runs, or waits to run again. So there is nothing to reactivate, and nothing to recover: an event
// that settles, by whatever hand, frees its key.
//
// Keys share 1,024 words by their hash; two keys of one word take turns like one.

import { step } from "../../sync/step.ts";
import { keyWords, slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { entryMatches, isClaimed, loadSlot, slotOfEntry, stateOf } from "../memory/slot.ts";
import type { Handle } from "./queue-handle-set.ts";

export class BusyKeys {
  readonly #memory: PoolMemory;
  /** By key: the look in which it was met busy. Its later events must not be taken in that look, before the earlier ones. */
  readonly #metBusy = new Uint32Array(keyWords);
  #look = 0;

  constructor(memory: PoolMemory) {
    this.#memory = memory;
  }

  /** Before the rings are looked through. */
  beginLook(): void {
    this.#look = (this.#look + 1) >>> 0;
  }

  /** Whether the event of a ring's entry may be taken, as far as its key is concerned. */
  allows(slot: Handle, entry: number): boolean {
    const key = this.#keyOf(slot);
    if (key === undefined) return true;
    const holder = this.#holder(key);
    // What runs again holds its key itself, and may be met behind later events of it. Not so another event in that slot by now.
    if (holder === entry || (slotOfEntry(holder) === slot && this.#runsAgain(slot))) return true;
    if (this.#metBusy[key] !== this.#look && !this.#isHeldFrom(slot, key, holder)) return true;
    this.#metBusy[key] = this.#look;
    return false;
  }

  /** To be called before the event's slot is claimed. False when another event of the key was quicker. */
  deactivate(slot: Handle, entry: number): boolean {
    const key = this.#keyOf(slot);
    if (key === undefined) return true;
    const holder = this.#holder(key);
    if (holder === entry) return true;
    if (this.#isHeldFrom(slot, key, holder)) return false;
    step("compare-exchange", "key", key);
    // Pairs with itself in whoever selects at the same time: a thread that was given up while it led may still do so. One of two
    // events of the key is named; the other finds it queued or claimed, and stays where it is.
    const seen = (holder + 1) | 0;
    const { words } = this.#memory;
    return Atomics.compareExchange(words, this.#memory.key(key), seen, (entry + 1) | 0) === seen;
  }

  /** Undefined for an event without a key. */
  #keyOf(slot: Handle): number | undefined {
    const object = this.#memory.words[this.#memory.slot(slot, slotField.object)] ?? 0;
    return object < 0 ? (object >>> 0) % keyWords : undefined;
  }

  #holder(key: number): number {
    step("load", "key", key);
    return (Atomics.load(this.#memory.words, this.#memory.key(key)) - 1) | 0;
  }

  /** By another event of the key; also while that one is still queued: whoever named it is about to claim it, or has died. */
  #isHeldFrom(slot: Handle, key: number, holder: number): boolean {
    const other = slotOfEntry(holder);
    if (holder === nobody || other === slot) return false;
    const word = loadSlot(this.#memory, other);
    // The slot may be another event's by now, with the same low bits of its generation.
    if (this.#keyOf(other) !== key) return false;
    const state = stateOf(word);
    if (state === "queued") return entryMatches(holder, word) || this.#runsAgain(other);
    return entryMatches(holder, word) && (isClaimed(word) || state === "settling");
  }

  /** Its thread has died: it keeps its key, under the next generation of its slot, so that no later event of the key goes first. */
  #runsAgain(slot: Handle): boolean {
    return (this.#memory.words[this.#memory.slot(slot, slotField.attempt)] ?? 0) > 0;
  }
}

const nobody = -1;
