// What is done after a thread's death, whatever it was doing: its events, its leadership, its locks. Run by the supervisor
// once the thread's exit is certain; running it twice changes nothing more.

import { recoverLocks } from "../../sync/recover-locks.ts";
import type { LockTable } from "../../sync/lock-table.ts";
import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { clearSummons } from "../promotion/call-follower.ts";
import { countSlotSubmitted } from "../memory/counts.ts";
import { encodeError, type PlainError } from "../payload/error-transfer.ts";
import { takeBackSleep } from "../promotion/leader-wait.ts";
import {
  changeLeadership,
  claimIdle,
  leaderOf,
  loadLeadership,
  nobody,
  wakeSeat,
} from "../promotion/leadership.ts";
import { seatField, slotField, submitterField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { storeTimers } from "../memory/seat-timers.ts";
import type { QueueHandleSet } from "../queue/queue-handle-set.ts";
import { abortCauseOf } from "../thread/abort-cause.ts";
import {
  generationOf,
  isClaimed,
  loadSlot,
  moveSlot,
  ownerOf,
  slotWord,
  stateOf,
} from "../memory/slot.ts";
import {
  publishSettled,
  recordedOutcome,
  settledBy,
  settleOwn,
  settleSlot,
} from "../thread/settle-slot.ts";

export interface Recovery {
  readonly memory: PoolMemory;
  readonly handleSet: QueueHandleSet;
  readonly locks: LockTable;
  /** Further runs that an event may have after its thread died. */
  readonly retries: number;
  /** Why events that may not run again fail. */
  readonly error: PlainError;
  /** A slot that is queued again: the caller puts it into a ring. */
  queuedAgain(slot: number): void;
  /** What became of an event that the thread held: for the record. */
  ended(slot: number, how: "failed" | "dead-lettered" | "cancelled" | "retried"): void;
  /** Keeps an event that may not run again; false when nothing keeps it, or it could not be kept. */
  deadLetter(slot: number): boolean;
}

/** An event that ended with its thread. */
export interface FailedEvent {
  readonly event: number;
  readonly handler: number;
}

export interface Recovered {
  readonly wasLeader: boolean;
  readonly failedEvents: readonly FailedEvent[];
  readonly retriedEvents: readonly number[];
  readonly abandonedLocks: readonly number[];
}

export function recover(seat: number, recovery: Recovery): Recovered {
  const { memory } = recovery;
  claimIdle(memory, seat);
  const abandonedLocks = recoverLocks(recovery.locks, seat);
  const events = recoverSlots(seat, recovery);
  const wasLeader = recoverLeadership(memory, seat);
  step("store", "suspended", seat);
  Atomics.store(memory.words, memory.seat(seat, seatField.suspended), 1);
  storeTimers(memory, seat, false);
  wakeAll(memory);
  return { wasLeader, abandonedLocks, ...events };
}

/**
 * For a thread that was told to end but takes its time: its leadership, and the events that may not run again. It keeps what
 * must wait for its exit: its locks, and events that may run again, whose handler may still be at work here.
 */
export function fence(seat: number, recovery: Recovery): readonly FailedEvent[] {
  const { memory } = recovery;
  step("store", "leave", seat);
  Atomics.store(memory.words, memory.seat(seat, seatField.leave), 1);
  claimIdle(memory, seat);
  recoverLeadership(memory, seat);
  const failedEvents: FailedEvent[] = [];
  for (let slot = 0; slot < memory.slots; slot++) {
    const how = endClaimed(seat, slot, recovery, "later");
    if (how === "failed") failedEvents.push(failedEvent(memory, slot));
  }
  wakeAll(memory);
  return failedEvents;
}

/** Of every handle set: what it led, and what it was woken to lead. */
function recoverLeadership(memory: PoolMemory, seat: number): boolean {
  let wasLeader = false;
  for (let set = 0; set < memory.handleSets; set++) {
    takeBackSleep(memory, set, seat);
    if (giveUpLeadership(memory, set, seat)) wasLeader = true;
    clearSummons(memory, set, seat);
  }
  return wasLeader;
}

function giveUpLeadership(memory: PoolMemory, set: number, seat: number): boolean {
  for (;;) {
    const seen = loadLeadership(memory, set);
    if (leaderOf(seen) !== seat) return false;
    if (changeLeadership(memory, set, seen, nobody) !== undefined) return true;
  }
}

function recoverSlots(
  seat: number,
  recovery: Recovery,
): { readonly failedEvents: FailedEvent[]; readonly retriedEvents: number[] } {
  const { memory } = recovery;
  const failedEvents: FailedEvent[] = [];
  const retriedEvents: number[] = [];
  for (let slot = 0; slot < memory.slots; slot++) {
    const word = loadSlot(memory, slot);
    const state = stateOf(word);
    if (state === "settled" && settledBy(memory, slot) === seat) markLost(memory, slot, word);
    const isOwn = Math.floor(slot / memory.capacity) === seat;
    if (isOwn && state !== "free") countSlotSubmitted(memory, slot);
    // Accepted from this thread's own hands: it may have died before the entry was in its ring.
    if (state === "queued" && isOwn) recovery.queuedAgain(slot);
    if (state === "settling" && ownerOf(word) === seat) {
      if (settleUnfinished(slot, word, recovery)) failedEvents.push(failedEvent(memory, slot));
    }
    const how = endClaimed(seat, slot, recovery, "now");
    if (how === "retried") retriedEvents.push(failedEvent(memory, slot).event);
    else if (how === "failed") failedEvents.push(failedEvent(memory, slot));
  }
  return { failedEvents, retriedEvents };
}

/**
 * An event that the thread has claimed runs again, or has its outcome; `again` is "later" while the thread may still be at it. Its
 * caller may cancel it at the same time, which the slot word decides.
 */
function endClaimed(
  seat: number,
  slot: number,
  recovery: Recovery,
  again: "now" | "later",
): "retried" | "failed" | "cancelled" | undefined {
  const { memory } = recovery;
  for (;;) {
    const word = loadSlot(memory, slot);
    if (!isClaimed(word) || ownerOf(word) !== seat) return undefined;
    if (stateOf(word) === "cancelled") {
      if (giveUp(slot, word, recovery)) return "cancelled";
    } else if (!mayRunAgain(slot, recovery)) {
      if (giveUp(slot, word, recovery)) return "failed";
    } else if (again === "later") return undefined;
    else if (runsAgain(slot, word, recovery)) return "retried";
  }
}

function failedEvent(memory: PoolMemory, slot: number): FailedEvent {
  const field = (name: number): number => memory.words[memory.slot(slot, name)] ?? 0;
  return { event: field(slotField.event), handler: field(slotField.handler) };
}

function mayRunAgain(slot: number, { memory, retries }: Recovery): boolean {
  return (memory.words[memory.slot(slot, slotField.attempt)] ?? 0) < retries;
}

function runsAgain(slot: number, word: number, recovery: Recovery): boolean {
  const { memory } = recovery;
  const attempts = memory.slot(slot, slotField.attempt);
  const attempt = memory.words[attempts] ?? 0;
  memory.words[attempts] = attempt + 1;
  if (!recovery.handleSet.reactivateHandle(slot, word)) {
    memory.words[attempts] = attempt;
    return false;
  }
  recovery.queuedAgain(slot);
  recovery.ended(slot, "retried");
  return true;
}

/** The supervisor takes the event over, and only then reads its payload and settles it. False when its word has changed meanwhile. */
function giveUp(slot: number, word: number, recovery: Recovery): boolean {
  const { memory } = recovery;
  const state = stateOf(word);
  const own = slotWord(generationOf(word), state, 0);
  if (!moveSlot(memory, slot, word, own)) return false;
  const outcome =
    state === "cancelled" ? "cancelled" : recovery.deadLetter(slot) ? "dead-lettered" : "failed";
  recovery.ended(slot, outcome);
  return settleSlot(memory, slot, own, outcome, encodeError(recovery.error), 0);
}

/**
 * The handler had come to its end. Once its outcome is recorded its result is whole; before that it is lost, and the event's payload
 * with it, so it can't run again. False when it did not fail.
 */
function settleUnfinished(slot: number, word: number, recovery: Recovery): boolean {
  const { error, memory } = recovery;
  const recorded = recordedOutcome(memory, slot);
  if (recorded !== undefined) {
    publishSettled(memory, slot, word, recorded);
    return false;
  }
  const message = `${error.message} while the event's result was stored`;
  const outcome = abortCauseOf(memory, slot) === "cancelled" ? "cancelled" : "failed";
  recovery.ended(slot, outcome);
  settleOwn(memory, slot, word, outcome, encodeError({ ...error, message }), 0);
  return outcome === "failed";
}

/** What the thread settled but may not have pushed is marked; its submitter compares the mark with the slot word. */
function markLost(memory: PoolMemory, slot: number, word: number): void {
  const { words } = memory;
  const submitter = memory.submitterOf(slot);
  words[memory.slot(slot, slotField.lostWord)] = word;
  step("add", "lost", submitter);
  Atomics.add(words, memory.submitter(submitter, submitterField.lost), 1);
}

/**
 * Wakes everybody once: the dead thread may have cleared a flag, or claimed an idle bit, without the notify that belongs to
 * it. Each sleeper looks at the state again and goes back to sleep if that wasn't so.
 */
function wakeAll(memory: PoolMemory): void {
  for (let seat = 1; seat <= memory.seats; seat++) wakeSeat(memory, seat);
  for (let submitter = 0; submitter < memory.submitters; submitter++) {
    const doorbell = memory.submitter(submitter, submitterField.doorbell);
    step("add", "doorbell", submitter);
    Atomics.add(memory.words, doorbell, 1);
    step("notify", "doorbell", submitter);
    waits.notify(memory.words, doorbell, 1);
  }
}
