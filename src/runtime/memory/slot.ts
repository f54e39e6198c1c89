// An event's slot word, the truth about it: generation (16 bits), state (4), owner's seat (12). Rings carry slot numbers as
// hints only: what a ring says is believed only while the slot word agrees. Every change is a compare-and-swap from the
// word that was seen, so exactly one of two competing changes (claim and cancel, settle and recover) happens.
//
//   free -> queued -> claimed -> settling -> settled -> free          cancel and shed: queued -> settled
//                  ^       `--> cancelled ---^    when its caller aborts it; its turn goes on, and keeps the slot until it has ended
//                  `-- claimed, when its thread died and it may run again; queued, when it is given another ring (requeue.ts)
//
// Only whoever moved a slot to settling writes the result into its slab: a thread that was given up while it hung, and comes
// to life again, finds the word moved on and can't write over what is there by now.

import { step } from "../../sync/step.ts";
import { slotField } from "./memory-fields.ts";
import type { PoolMemory } from "./pool-memory.ts";

export const slotStates = [
  "free",
  "queued",
  "claimed",
  "settled",
  "settling",
  "cancelled",
] as const;
export type SlotState = (typeof slotStates)[number];

const stateCode: Readonly<Record<SlotState, number>> = {
  free: 0,
  queued: 1,
  claimed: 2,
  settled: 3,
  settling: 4,
  cancelled: 5,
};

/** Which state may follow which; the tests walk all interleavings over it. */
export const legalSlotTransitions: Readonly<Record<SlotState, readonly SlotState[]>> = {
  free: ["queued"],
  queued: ["claimed", "settled", "queued"],
  claimed: ["settling", "queued", "cancelled"],
  cancelled: ["settling"],
  settling: ["settled"],
  settled: ["free"],
};

export function stateOf(word: number): SlotState {
  return slotStates[(word >>> 12) & 0xf] ?? "free";
}

/** A thread has the event: its turn runs, or is about to. */
export function isClaimed(word: number): boolean {
  const state = stateOf(word);
  return state === "claimed" || state === "cancelled";
}

export function ownerOf(word: number): number {
  return word & 0xfff;
}

export function generationOf(word: number): number {
  return word >>> 16;
}

export function slotWord(generation: number, state: SlotState, owner: number): number {
  return ((generation & 0xffff) << 16) | (stateCode[state] << 12) | owner;
}

export function loadSlot(memory: PoolMemory, slot: number): number {
  step("load", "slot", slot);
  return Atomics.load(memory.words, memory.slot(slot, slotField.state));
}

/**
 * The word by which this seat has claimed the slot. The slot may have moved on since, by the
 * event's caller or the supervisor: a thread that took the word of now for its claim would settle
 * over them.
 */
export function claimedBy(memory: PoolMemory, slot: number, seat: number): number {
  return slotWord(generationOf(loadSlot(memory, slot)), "claimed", seat);
}

/**
 * Moves a slot from the word that was seen. False when somebody was quicker: look at the word again.
 * Pairs with the same compare-and-swap in every other thread; a plain store here would lose a cancel.
 */
export function moveSlot(memory: PoolMemory, slot: number, seen: number, next: number): boolean {
  step("compare-exchange", "slot", slot);
  return (
    Atomics.compareExchange(memory.words, memory.slot(slot, slotField.state), seen, next) === seen
  );
}

// A ring entry names a slot and the low bits of its generation: an entry left behind by a cancelled or recovered event
// is passed over even when the slot has been used again since.
const slotBits = 20;
/** Slots of one pool, at most. */
export const mostSlots: number = 2 ** slotBits;

export function ringEntry(slot: number, word: number): number {
  return ((generationOf(word) & 0x7ff) << slotBits) | slot;
}

export function slotOfEntry(entry: number): number {
  return entry & ((1 << slotBits) - 1);
}

export function entryMatches(entry: number, word: number): boolean {
  return ((entry >>> slotBits) & 0x7ff) === (generationOf(word) & 0x7ff);
}
