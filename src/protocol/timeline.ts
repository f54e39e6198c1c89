// How a timeline travels from the server to the page: cut into tiles. A tile is a level of detail and an index; it covers
// the same stretch of time on every zoom, so the page may keep it. Times are nanoseconds from the trace's start.
//
// Lanes are the pool's threads in the order of `TimelineHead.lanes`. A lane of a tile holds either its exact slices or,
// where there would be too many, how much of each bucket every state covers.

export const bucketsInTile = 256;

/** A bucket of level 0 is 1,024 ns wide; each level is four times coarser. */
export function bucketNanos(level: number): number {
  return 1024 * 4 ** level;
}

export function tileNanos(level: number): number {
  return bucketsInTile * bucketNanos(level);
}

/** What a slice of a lane is. The code is its place here; a follower that waits has no slice. */
export const sliceStates = [
  "leading",
  "handler",
  "lockWait",
  "blockingCall",
  "garbageCollection",
  "lockHeld",
  "span",
] as const;

export type SliceState = (typeof sliceStates)[number];

export interface SliceColumns {
  readonly length: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly state: Uint8Array;
  /** Index of the handler (handler), lock (lockWait, lockHeld) or string (blockingCall, span); else 0. */
  readonly name: Int32Array;
  /** The event of the turn, -1 outside a turn; while leading: the leadership's generation. */
  readonly event: Int32Array;
}

export type TileLane =
  | { readonly kind: "slices"; readonly slices: SliceColumns }
  /** `bucketsInTile` x `sliceStates.length` bytes, bucket by bucket; 255 is the whole bucket, 1 the least that is seen. */
  | { readonly kind: "coverage"; readonly coverage: Uint8Array };

/** Promotions that woke a follower, in time order. Empty where a tile would hold more than a picture can show. */
export interface Arrows {
  readonly time: Float64Array;
  readonly from: Uint16Array;
  readonly to: Uint16Array;
}

export interface Marks {
  readonly time: Float64Array;
  readonly lane: Uint16Array;
  /** Index into `TimelineHead.strings`. */
  readonly name: Int32Array;
}

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** Grows with every state of the trace: a tile of a live run that is not `whole` is asked for again. */
  readonly revision: number;
  /** The trace can't change within this tile any more. */
  readonly whole: boolean;
  readonly lanes: readonly TileLane[];
  /** Most events waiting at any time in each bucket. */
  readonly queueDepth: Uint32Array;
  /** Events settled in each bucket. */
  readonly settled: Uint32Array;
  readonly arrows: Arrows;
  readonly marks: Marks;
}

/** Sparse: a lock's number may be large though there are few locks. */
export type NamesByIndex = Readonly<Record<number, string>>;

/** What the page knows before it asks for tiles; sent again whenever the trace has grown. */
export interface TimelineHead {
  readonly revision: number;
  /** Largest time of the trace so far. */
  readonly end: number;
  readonly lanes: readonly { readonly thread: number; readonly name: string }[];
  /** Some thread leads: in other models than Leader/Followers nobody does, and there is no lane for it. */
  readonly isLed: boolean;
  /** The person's own marks or spans are in it: they need room above each lane. */
  readonly isMarked: boolean;
  /** What was changed while the run went on: handlers replaced by newer code, the pool configured anew. In time order. */
  readonly changes: readonly { readonly time: number; readonly text: string }[];
  readonly handlers: readonly string[];
  /** Of the locks and texts that a slice or a mark names; one that the trace does not name is missing. */
  readonly locks: NamesByIndex;
  readonly strings: NamesByIndex;
  /** Largest queue depth of the trace so far, for the plot's scale. */
  readonly deepest: number;
}

/** The rows of a lane, from top to bottom: the person's spans, what the thread does, the locks it holds meanwhile. */
export const laneRows = ["span", "state", "held"] as const;

export type LaneRow = (typeof laneRows)[number];

/** A slice by a time within it. */
export interface SlicePlace {
  readonly lane: number;
  readonly time: number;
  readonly row: LaneRow;
}

export function rowOf(state: SliceState): LaneRow {
  if (state === "span") return "span";
  return state === "lockHeld" || state === "garbageCollection" ? "held" : "state";
}
