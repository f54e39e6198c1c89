// What is done after a thread's death, whatever it was doing: its events, its leadership, its locks. Run by the supervisor
// once the thread's exit is certain; running it twice changes nothing more.

import { recoverLocks } from "../sync/recover-locks.ts";
import type { LockTable } from "../sync/lock-table.ts";
import { step } from "../sync/step.ts";
import { waits } from "../sync/waits.ts";
import { countSlotSubmitted } from "./counts.ts";
import { encodeError, type PlainError } from "./error-transfer.ts";
import {
  changeLeadership,
  claimIdle,
  leaderOf,
  loadLeadership,
  nobody,
  wakeSeat,
} from "./leadership.ts";
import { hot, seatField, slotField, submitterField, type PoolMemory } from "./pool-memory.ts";
import type { QueueHandleSet } from "./queue-handle-set.ts";
import { loadSlot, ownerOf, stateOf } from "./slot.ts";
import { settleSlot } from "./settle-slot.ts";

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
}

export interface Recovered {
  readonly wasLeader: boolean;
  readonly failedEvents: readonly number[];
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
  Atomics.store(memory.words, memory.seat(seat, seatField.suspended), 0);
  wakeAll(memory);
  return { wasLeader, abandonedLocks, ...events };
}

function recoverLeadership(memory: PoolMemory, seat: number): boolean {
  step("compare-exchange", "leader-asleep", 0);
  Atomics.compareExchange(memory.words, hot.leaderAsleep, seat + 1, 0);
  for (;;) {
    const seen = loadLeadership(memory);
    if (leaderOf(seen) !== seat) return false;
    if (changeLeadership(memory, seen, nobody) !== undefined) return true;
  }
}

function recoverSlots(
  seat: number,
  recovery: Recovery,
): { readonly failedEvents: number[]; readonly retriedEvents: number[] } {
  const { memory } = recovery;
  const failedEvents: number[] = [];
  const retriedEvents: number[] = [];
  for (let slot = 0; slot < memory.slots; slot++) {
    const word = loadSlot(memory, slot);
    const state = stateOf(word);
    if (state === "settled" && settledBy(memory, slot) === seat) markLost(memory, slot, word);
    const isOwn = Math.floor(slot / memory.capacity) === seat;
    if (isOwn && state !== "free") countSlotSubmitted(memory, slot);
    // Accepted from this thread's own hands: it may have died before the entry was in its ring.
    if (state === "queued" && isOwn) recovery.queuedAgain(slot);
    if (state !== "claimed" || ownerOf(word) !== seat) continue;
    const event = memory.words[memory.slot(slot, slotField.event)] ?? 0;
    if (runsAgain(slot, word, recovery)) retriedEvents.push(event);
    else {
      settleSlot(memory, slot, word, "failed", encodeError(recovery.error), 0);
      failedEvents.push(event);
    }
  }
  return { failedEvents, retriedEvents };
}

function settledBy(memory: PoolMemory, slot: number): number {
  return memory.words[memory.slot(slot, slotField.settledBy)] ?? 0;
}

function runsAgain(slot: number, word: number, recovery: Recovery): boolean {
  const { memory } = recovery;
  const attempts = memory.slot(slot, slotField.attempt);
  const attempt = memory.words[attempts] ?? 0;
  if (attempt >= recovery.retries) return false;
  memory.words[attempts] = attempt + 1;
  if (!recovery.handleSet.reactivateHandle(slot, word)) return false;
  recovery.queuedAgain(slot);
  return true;
}

/** What the thread settled but may not have pushed is marked; its submitter compares the mark with the slot word. */
function markLost(memory: PoolMemory, slot: number, word: number): void {
  const { words } = memory;
  const submitter = words[memory.slot(slot, slotField.submitter)] ?? 0;
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
