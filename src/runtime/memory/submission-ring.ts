// A ring of queued slots: one submitter pushes, pool threads pop: the leader alone, or, in a model without one, several at
// once. Entries are hints: whoever meets one that the slot word contradicts passes over it. So the tail may be moved by a
// compare-and-swap after the claim: two threads that saw the same entry claim it once and pop it once.

import { step } from "../../sync/step.ts";
import { line } from "./memory-fields.ts";
import { ringEntries, type PoolMemory } from "./pool-memory.ts";

const entriesAt = 2 * line;

export interface SubmissionRing {
  readonly words: Int32Array;
  readonly head: number;
  readonly tail: number;
  readonly mask: number;
  readonly index: number;
  /** The submitter's last look at the tail: reading it each time would pull the leader's cache line over. */
  seenTail: number;
}

export function openRing(
  memory: PoolMemory,
  submitter: number,
  lane: number,
  priorityClass: number,
): SubmissionRing {
  const head = memory.ring(submitter, lane, priorityClass);
  return {
    words: memory.words,
    head,
    tail: head + line,
    mask: ringEntries(memory.capacity) - 1,
    index: submitter,
    seenTail: memory.words[head + line] ?? 0,
  };
}

/** Called by the ring's submitter only. False when stale entries fill the ring: the leader clears them as it goes. */
export function pushEntry(ring: SubmissionRing, entry: number): boolean {
  if (isFull(ring)) return false;
  const { words } = ring;
  const head = words[ring.head] ?? 0;
  words[ring.head + entriesAt + (head & ring.mask)] = entry;
  step("store", "ring-head", ring.index);
  // Publishes the entry: pairs with the load in entryAt, which must not see the head before the entry.
  Atomics.store(words, ring.head, (head + 1) | 0);
  return true;
}

/** Asked by the ring's submitter only. */
export function isFull(ring: SubmissionRing): boolean {
  const head = ring.words[ring.head] ?? 0;
  if (((head - ring.seenTail) | 0) <= ring.mask) return false;
  step("load", "ring-tail", ring.index);
  ring.seenTail = Atomics.load(ring.words, ring.tail);
  return ((head - ring.seenTail) | 0) > ring.mask;
}

export function isEmpty(ring: SubmissionRing): boolean {
  step("load", "ring-head", ring.index);
  return Atomics.load(ring.words, ring.head) === Atomics.load(ring.words, ring.tail);
}

/** Where the next entry to be taken is. To be read before the entry, and given to popFront after it. */
export function tailOf(ring: SubmissionRing): number {
  step("load", "ring-tail", ring.index);
  return Atomics.load(ring.words, ring.tail);
}

/** The entry at the tail that was seen; undefined when there is none. Pairs with pushEntry's store. */
export function entryAt(ring: SubmissionRing, tail: number): number | undefined {
  const { words } = ring;
  step("load", "ring-head", ring.index);
  if (Atomics.load(words, ring.head) === tail) return undefined;
  return words[ring.head + entriesAt + (tail & ring.mask)];
}

/**
 * As popFront, for an entry further back: those before it move up by one, so that none is left behind. From the back, so that each is
 * in its old place or the new one at any moment, or both: a thread that dies on the way leaves one twice, and who looks meanwhile
 * misses none. For one thread at a time: what a second one does to an entry, queue-again.ts makes good.
 */
export function takeOut(ring: SubmissionRing, tail: number, place: number): void {
  const { words } = ring;
  const entries = ring.head + entriesAt;
  for (let to = place; to !== tail; to = (to - 1) | 0) {
    step("store", "ring-entry", ring.index);
    words[entries + (to & ring.mask)] = words[entries + ((to - 1) & ring.mask)] ?? 0;
  }
  popFront(ring, tail);
}

/**
 * Called after the slot of the entry at `tail` is claimed, or found stale. Does nothing when another thread has popped it
 * already. A thread that dies before this leaves an entry that its slot word contradicts: the next one passes over it.
 */
export function popFront(ring: SubmissionRing, tail: number): void {
  step("compare-exchange", "ring-tail", ring.index);
  Atomics.compareExchange(ring.words, ring.tail, tail, (tail + 1) | 0);
}
