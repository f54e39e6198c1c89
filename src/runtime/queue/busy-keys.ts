// Keys of which one event at a time may run (`exclusiveKeys`). An event's claim deactivates its key besides its own slot: the
// key's other events stay in their rings and are passed over, and any thread may take the next once the event has settled.
//
// A key's word names the event that was last claimed under it, as a ring entry does, and is a hint like one: the key is busy while
// that event's slot says that it is queued or runs. So there is nothing to reactivate, and nothing to recover: an event that
// settles, by whatever hand, frees its key, and so does one that runs again, since its slot has a new generation then.
//
// Keys share 1,024 words by their hash; two keys of one word take turns like one.

import { step } from "../../sync/step.ts";
import { keyWords, slotField, type PoolMemory } from "../memory/pool-memory.ts";
import { entryMatches, loadSlot, slotOfEntry, stateOf } from "../memory/slot.ts";
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
    if (this.#metBusy[key] !== this.#look) {
      const holder = this.#holder(key);
      if (holder === nobody || holder === entry || !this.#isBusy(key, holder)) return true;
    }
    this.#metBusy[key] = this.#look;
    return false;
  }

  /** To be called before the event's slot is claimed. False when another event of the key was quicker. */
  deactivate(slot: Handle, entry: number): boolean {
    const key = this.#keyOf(slot);
    if (key === undefined) return true;
    const holder = this.#holder(key);
    if (holder === entry) return true;
    if (holder !== nobody && this.#isBusy(key, holder)) return false;
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

  /** Also while its event is still queued: whoever named it is about to claim it, or has died, and then it goes next. */
  #isBusy(key: number, holder: number): boolean {
    const slot = slotOfEntry(holder);
    const word = loadSlot(this.#memory, slot);
    if (!entryMatches(holder, word)) return false;
    const state = stateOf(word);
    // The slot may be another event's by now, with the same low bits of its generation.
    if (this.#keyOf(slot) !== key) return false;
    return state === "queued" || state === "claimed" || state === "settling";
  }
}

const nobody = -1;
