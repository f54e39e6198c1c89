// The layout of the pool's shared memory: the only file that knows which word is where. Made once by the supervisor, sent
// to each thread as plain data (PoolMemoryParts), opened there again by openPoolMemory.
//
//   hot words | handle sets | seats | submitters | slots | rings | state rows | lock table | shared ids | breakers | hand-offs | keys
//                                                                                     (Int32 words)
//   slabs: one per slot, for the payload and then the result                          (bytes)
//   overflow: blocks for what is larger than a slab                                   (bytes)
//   shapes: names and types of the fields of flat objects, see shape-table.ts         (bytes)

import { logBuckets } from "../../base/log-buckets.ts";
import { stateRowWords } from "../../recorder/state-row.ts";
import { LockTable, lockTableWords } from "../../sync/lock-table.ts";
import { FlatObjects } from "../payload/flat-object.ts";
import { shapeTableBytes } from "../payload/shape-table.ts";
import { sharedIdWords } from "../watch/shared-ids.ts";
import {
  blockBytes,
  breakerWords,
  breakers,
  hotWords,
  keyWords,
  line,
  lockCapacity,
  priorities,
  seatField,
  setWords,
  slabBytes,
  slotWords,
  submitterField,
  submitterWords,
} from "./memory-fields.ts";

export interface PoolShape {
  readonly seats: number;
  /** Slots, and ring entries, of each submitter; a power of two. */
  readonly capacity: number;
  readonly sharedBytes: number;
  readonly payloadBytes: number;
  /** Each with a leader of its own. Default 1. */
  readonly handleSets?: number;
  /** Queues that each submitter has. Default 1. */
  readonly lanes?: number;
  /** How many of them, the last ones, belong to a thread each: see lanes.ts. Default 0. */
  readonly boundLanes?: number;
  /** Rings of each lane, for events of different priority. Default: all of them. */
  readonly classes?: number;
  /** Events of one key run one at a time: see busy-keys.ts. Default false. */
  readonly exclusiveKeys?: boolean;
}

export interface PoolMemoryParts {
  readonly shape: PoolShape;
  readonly words: SharedArrayBuffer;
  readonly slabs: SharedArrayBuffer;
  readonly overflow: SharedArrayBuffer;
  /** See shape-table.ts. */
  readonly shapes: SharedArrayBuffer;
  readonly named: SharedArrayBuffer;
}

export interface PoolMemory {
  readonly parts: PoolMemoryParts;
  readonly words: Int32Array;
  readonly slabs: Buffer;
  readonly overflow: Buffer;
  /** This thread's own view. */
  readonly flat: FlatObjects;
  readonly seats: number;
  readonly submitters: number;
  readonly capacity: number;
  readonly handleSets: number;
  readonly lanes: number;
  /** Lanes before the bound ones: any thread may take their events. */
  readonly sharedLanes: number;
  /** Rings of each lane: 1 where memory for more would be too much. */
  readonly classes: number;
  readonly exclusiveKeys: boolean;
  readonly slots: number;
  readonly lockTableOffset: number;
  readonly lockCapacity: number;
  readonly sharedIdsOffset: number;
  readonly blockLinksOffset: number;
  readonly blocks: number;
  /** How many of the seat's hand-offs took so long: see log-buckets.ts. */
  handOff(seat: number, bucket: number): number;
  breaker(handler: number, field: number): number;
  /** Of an event's key: see busy-keys.ts. */
  key(key: number): number;
  set(handleSet: number, field: number): number;
  seat(seat: number, field: number): number;
  submitter(submitter: number, field: number): number;
  slot(slot: number, field: number): number;
  /** Whose slot it is. */
  submitterOf(slot: number): number;
  /** Offset of a ring's head word; tail is a line further, entries two lines further. */
  ring(submitter: number, lane: number, priorityClass: number): number;
  stateRow(thread: number): number;
}

/** Submitters are numbered like threads: 0 main, 1..seats the pool, then the workload. */
export function submittersOf(shape: PoolShape): number {
  return shape.seats + 2;
}

interface Offsets {
  readonly sets: number;
  readonly seats: number;
  readonly submitters: number;
  readonly slots: number;
  readonly rings: number;
  readonly stateRows: number;
  readonly blockLinks: number;
  readonly lockTable: number;
  readonly sharedIds: number;
  readonly breakers: number;
  readonly handOffs: number;
  readonly keys: number;
  readonly end: number;
}

/** Twice the slots: an event that is queued again after a death may have a stale entry beside its new one. */
export function ringEntries(capacity: number): number {
  return 2 * capacity;
}

function ringWords(shape: PoolShape): number {
  return 2 * line + ringEntries(shape.capacity);
}

/** Rings of one submitter. */
function ringsOf({ lanes = 1, classes = priorities }: PoolShape): number {
  return lanes * classes;
}

function offsetsOf(shape: PoolShape): Offsets {
  const count = submittersOf(shape);
  const sets = hotWords;
  const seats = sets + (shape.handleSets ?? 1) * setWords;
  const submitters = seats + (shape.seats + 1) * line;
  const slots = submitters + count * submitterWords;
  const rings = slots + count * shape.capacity * slotWords;
  const stateRows = rings + count * ringsOf(shape) * ringWords(shape);
  const blockLinks = stateRows + count * stateRowWords;
  const blocks = Math.ceil(shape.payloadBytes / blockBytes);
  const lockTable = Math.ceil((blockLinks + blocks) / line) * line;
  const sharedIds = lockTable + lockTableWords(lockCapacity, count);
  const circuits = sharedIds + sharedIdWords;
  const handOffs = circuits + breakers * breakerWords;
  const keys = handOffs + (shape.seats + 1) * logBuckets;
  return {
    sets,
    seats,
    submitters,
    slots,
    rings,
    stateRows,
    blockLinks,
    lockTable,
    sharedIds,
    breakers: circuits,
    handOffs,
    keys,
    end: keys + (shape.exclusiveKeys === true ? keyWords : 0),
  };
}

export function createPoolMemory(shape: PoolShape): PoolMemory {
  const slots = submittersOf(shape) * shape.capacity;
  const memory = openPoolMemory({
    shape,
    words: new SharedArrayBuffer(offsetsOf(shape).end * 4),
    slabs: new SharedArrayBuffer(slots * slabBytes),
    overflow: new SharedArrayBuffer(Math.ceil(shape.payloadBytes / blockBytes) * blockBytes),
    shapes: new SharedArrayBuffer(shapeTableBytes),
    named: new SharedArrayBuffer(shape.sharedBytes),
  });
  for (let submitter = 0; submitter < memory.submitters; submitter++) {
    memory.words[memory.submitter(submitter, submitterField.completions)] = -1;
  }
  for (let seat = 1; seat <= memory.seats; seat++) {
    memory.words[memory.seat(seat, seatField.suspended)] = 1;
  }
  return memory;
}

export function openPoolMemory(parts: PoolMemoryParts): PoolMemory {
  const { shape } = parts;
  const offsets = offsetsOf(shape);
  const slabs = Buffer.from(parts.slabs);
  return {
    parts,
    words: new Int32Array(parts.words),
    slabs,
    flat: new FlatObjects(slabs, slabBytes, parts.shapes),
    overflow: Buffer.from(parts.overflow),
    seats: shape.seats,
    submitters: submittersOf(shape),
    capacity: shape.capacity,
    handleSets: shape.handleSets ?? 1,
    lanes: shape.lanes ?? 1,
    sharedLanes: (shape.lanes ?? 1) - (shape.boundLanes ?? 0),
    classes: shape.classes ?? priorities,
    exclusiveKeys: shape.exclusiveKeys === true,
    slots: submittersOf(shape) * shape.capacity,
    lockTableOffset: offsets.lockTable,
    lockCapacity,
    sharedIdsOffset: offsets.sharedIds,
    blockLinksOffset: offsets.blockLinks,
    blocks: Math.ceil(shape.payloadBytes / blockBytes),
    handOff: (seat, bucket) => offsets.handOffs + seat * logBuckets + bucket,
    breaker: (handler, field) => offsets.breakers + handler * breakerWords + field,
    key: (key) => offsets.keys + key,
    set: (handleSet, field) => offsets.sets + handleSet * setWords + field,
    seat: (seat, field) => offsets.seats + seat * line + field,
    submitter: (submitter, field) => offsets.submitters + submitter * submitterWords + field,
    submitterOf: (slot) => Math.floor(slot / shape.capacity),
    slot: (slot, field) => offsets.slots + slot * slotWords + field,
    ring: (submitter, lane, priorityClass) =>
      offsets.rings +
      (submitter * ringsOf(shape) + lane * (shape.classes ?? priorities) + priorityClass) *
        ringWords(shape),
    stateRow: (thread) => offsets.stateRows + thread * stateRowWords,
  };
}

/** Locks know threads by the same numbers as submitters. */
export function lockTableOf(memory: PoolMemory): LockTable {
  return new LockTable(
    memory.words,
    memory.lockTableOffset,
    memory.lockCapacity,
    memory.submitters,
  );
}
