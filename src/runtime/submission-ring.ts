// A ring of queued slots: one submitter pushes, the leader pops. Head is written by the submitter alone, tail by the
// leader alone; since there is one leader, neither needs a compare-and-swap. Entries are hints: the leader passes over
// those that the slot word contradicts.

import { step } from "../sync/step.ts";
import { line, ringEntries, type PoolMemory } from "./pool-memory.ts";

const entriesAt = 2 * line;

export interface SubmissionRing {
  readonly words: Int32Array;
  readonly head: number;
  readonly tail: number;
  readonly mask: number;
  readonly index: number;
}

export function openRing(
  memory: PoolMemory,
  submitter: number,
  priorityClass: number,
): SubmissionRing {
  const head = memory.ring(submitter, priorityClass);
  return {
    words: memory.words,
    head,
    tail: head + line,
    mask: ringEntries(memory.capacity) - 1,
    index: submitter,
  };
}

/** Called by the ring's submitter only. False when stale entries fill the ring: the leader clears them as it goes. */
export function pushEntry(ring: SubmissionRing, entry: number): boolean {
  const { words } = ring;
  const head = words[ring.head] ?? 0;
  step("load", "ring-tail", ring.index);
  if (((head - Atomics.load(words, ring.tail)) | 0) > ring.mask) return false;
  words[ring.head + entriesAt + (head & ring.mask)] = entry;
  step("store", "ring-head", ring.index);
  // Publishes the entry: pairs with the leader's load in frontOf, which must not see the head before the entry.
  Atomics.store(words, ring.head, (head + 1) | 0);
  return true;
}

export function isEmpty(ring: SubmissionRing): boolean {
  step("load", "ring-head", ring.index);
  return Atomics.load(ring.words, ring.head) === Atomics.load(ring.words, ring.tail);
}

/** Called by the leader only; undefined when empty. Pairs with pushEntry's store. */
export function frontOf(ring: SubmissionRing): number | undefined {
  const { words } = ring;
  step("load", "ring-head", ring.index);
  const tail = words[ring.tail] ?? 0;
  if (Atomics.load(words, ring.head) === tail) return undefined;
  return words[ring.head + entriesAt + (tail & ring.mask)];
}

/**
 * Called by the leader only, after the front's slot is claimed or found stale. A leader that dies before this store leaves
 * an entry that its slot word contradicts: the next leader passes over it.
 */
export function popFront(ring: SubmissionRing): void {
  step("store", "ring-tail", ring.index);
  Atomics.store(ring.words, ring.tail, ((ring.words[ring.tail] ?? 0) + 1) | 0);
}
