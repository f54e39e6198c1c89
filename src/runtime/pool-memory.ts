// The layout of the pool's shared memory: the only file that knows which word is where. Made once by the supervisor, sent
// to each thread as plain data (PoolMemoryParts), opened there again by openPoolMemory.
//
// Hot words stand 64 bytes apart, since neighbours on one cache line slow each other several times over.
//
//   hot words | seats | submitters | slots | rings | state rows | lock table          (Int32 words)
//   slabs: one per slot, for the payload and then the result                          (bytes)
//   overflow: blocks for what is larger than a slab                                   (bytes)

import { stateRowWords } from "../recorder/state-row.ts";
import { lockTableWords } from "../sync/lock-table.ts";

export const line = 16;

export const hot = {
  leadership: 0,
  leaderAsleep: line,
  stop: 2 * line,
  nextEvent: 3 * line,
  nextTicket: 4 * line,
  nextString: 5 * line,
  namedBytesUsed: 6 * line,
  freeBlocks: 7 * line,
  counts: 8 * line,
  idle: 9 * line,
} as const;

/** Idle bits for 512 seats. */
export const idleWords = 16;
const hotWords = 10 * line;

export const seatField = { wake: 0, ticket: 1, suspended: 2 } as const;
export const submitterField = {
  completions: 0,
  asleep: line,
  doorbell: line + 1,
  lost: line + 2,
} as const;
const submitterWords = 2 * line;

export const slotField = {
  state: 0,
  event: 1,
  handler: 2,
  priority: 3,
  codec: 4,
  bytes: 5,
  block: 6,
  submitter: 7,
  next: 8,
  attempt: 9,
  submittedMicros: 10,
  startedMillis: 11,
  cancel: 12,
  settledBy: 13,
  lostWord: 14,
  counted: 15,
} as const;

export const slabBytes = 2048;
export const blockBytes = 64 * 1024;
export const priorities = 8;
const lockCapacity = 1024;

export interface PoolShape {
  readonly seats: number;
  /** Slots, and ring entries, of each submitter; a power of two. */
  readonly capacity: number;
  readonly sharedBytes: number;
  readonly payloadBytes: number;
}

export interface PoolMemoryParts {
  readonly shape: PoolShape;
  readonly words: SharedArrayBuffer;
  readonly slabs: SharedArrayBuffer;
  readonly overflow: SharedArrayBuffer;
  readonly named: SharedArrayBuffer;
}

export interface PoolMemory {
  readonly parts: PoolMemoryParts;
  readonly words: Int32Array;
  readonly slabs: Buffer;
  readonly overflow: Buffer;
  readonly seats: number;
  readonly submitters: number;
  readonly capacity: number;
  readonly slots: number;
  readonly lockTableOffset: number;
  readonly lockCapacity: number;
  readonly blockLinksOffset: number;
  readonly blocks: number;
  seat(seat: number, field: number): number;
  submitter(submitter: number, field: number): number;
  slot(slot: number, field: number): number;
  /** Offset of a ring's head word; tail is a line further, entries two lines further. */
  ring(submitter: number, priorityClass: number): number;
  stateRow(thread: number): number;
}

/** Submitters are numbered like threads: 0 main, 1..seats the pool, then the workload. */
export function submittersOf(shape: PoolShape): number {
  return shape.seats + 2;
}

interface Offsets {
  readonly seats: number;
  readonly submitters: number;
  readonly slots: number;
  readonly rings: number;
  readonly stateRows: number;
  readonly blockLinks: number;
  readonly lockTable: number;
  readonly end: number;
}

/** Twice the slots: an event that is queued again after a death may have a stale entry beside its new one. */
export function ringEntries(capacity: number): number {
  return 2 * capacity;
}

function ringWords(shape: PoolShape): number {
  return 2 * line + ringEntries(shape.capacity);
}

function offsetsOf(shape: PoolShape): Offsets {
  const count = submittersOf(shape);
  const seats = hotWords;
  const submitters = seats + (shape.seats + 1) * line;
  const slots = submitters + count * submitterWords;
  const rings = slots + count * shape.capacity * line;
  const stateRows = rings + count * priorities * ringWords(shape);
  const blockLinks = stateRows + count * stateRowWords;
  const blocks = Math.ceil(shape.payloadBytes / blockBytes);
  const lockTable = Math.ceil((blockLinks + blocks) / line) * line;
  return {
    seats,
    submitters,
    slots,
    rings,
    stateRows,
    blockLinks,
    lockTable,
    end: lockTable + lockTableWords(lockCapacity),
  };
}

export function createPoolMemory(shape: PoolShape): PoolMemory {
  const slots = submittersOf(shape) * shape.capacity;
  const memory = openPoolMemory({
    shape,
    words: new SharedArrayBuffer(offsetsOf(shape).end * 4),
    slabs: new SharedArrayBuffer(slots * slabBytes),
    overflow: new SharedArrayBuffer(Math.ceil(shape.payloadBytes / blockBytes) * blockBytes),
    named: new SharedArrayBuffer(shape.sharedBytes),
  });
  for (let submitter = 0; submitter < memory.submitters; submitter++) {
    memory.words[memory.submitter(submitter, submitterField.completions)] = -1;
  }
  return memory;
}

export function openPoolMemory(parts: PoolMemoryParts): PoolMemory {
  const { shape } = parts;
  const offsets = offsetsOf(shape);
  return {
    parts,
    words: new Int32Array(parts.words),
    slabs: Buffer.from(parts.slabs),
    overflow: Buffer.from(parts.overflow),
    seats: shape.seats,
    submitters: submittersOf(shape),
    capacity: shape.capacity,
    slots: submittersOf(shape) * shape.capacity,
    lockTableOffset: offsets.lockTable,
    lockCapacity,
    blockLinksOffset: offsets.blockLinks,
    blocks: Math.ceil(shape.payloadBytes / blockBytes),
    seat: (seat, field) => offsets.seats + seat * line + field,
    submitter: (submitter, field) => offsets.submitters + submitter * submitterWords + field,
    slot: (slot, field) => offsets.slots + slot * line + field,
    ring: (submitter, priorityClass) =>
      offsets.rings + (submitter * priorities + priorityClass) * ringWords(shape),
    stateRow: (thread) => offsets.stateRows + thread * stateRowWords,
  };
}
