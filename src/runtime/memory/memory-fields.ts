// The words of the pool's shared memory by their names, and how many there are of each. Where they lie is pool-memory.ts's alone.
//
// Hot words stand 64 bytes apart, since neighbours on one cache line slow each other several times over.

export const line = 16;

export const hot = {
  nextEvent: 3 * line,
  nextTicket: 4 * line,
  nextString: 5 * line,
  namedBytesUsed: 6 * line,
  freeBlocks: 7 * line,
  counts: 8 * line,
  idle: 9 * line,
  /** Sites, and locks that are not ours, first met at run time. */
  nextSite: 11 * line,
  nextForeignLock: 12 * line,
  /** Four words: see overload/codel.ts. */
  codel: 13 * line,
  /** See regime.ts. */
  regime: 14 * line,
} as const;

/** Idle bits for 512 seats. */
export const idleWords = 16;
export const hotWords = 15 * line;

/** Of each handle set, whose leader is a thread of its own. */
export const setField = {
  leadership: 0,
  /** Seat plus one of the leader that sleeps; 0 for none. */
  leaderAsleep: line,
  /** Seat plus one of the follower that was woken to lead and has not come yet; 0 for none. */
  summoned: 2 * line,
} as const;
export const setWords = 3 * line;

/**
 * `suspended` is 1 also where no thread is; `leave` tells the seat's thread to leave the pool; `awaitsRoom` is a front
 * thread's; `laneRunner` in seat N + 1 is the seat that runs the Nth bound lane (lanes.ts).
 */
export const seatField = {
  wake: 0,
  ticket: 1,
  suspended: 2,
  leave: 3,
  awaitsRoom: 4,
  laneRunner: 5,
  /** What promotion protocols go by: see which-follower.ts. Written by the seat's own thread. */
  live: 6,
  busy: 7,
  pace: 8,
  /** See health/hand-off.ts. */
  calledMicros: 9,
  handOffs: 10,
  handOffMicros: 11,
  worstHandOff: 12,
  /**
   * Of an idle seat: 1 when it waits at its event loop, see leadership.ts. Written by the seat's
   * own thread.
   */
  atLoop: 13,
  /**
   * 1 while timers are alive in its thread that events left there: see keep-alive.ts. Written by
   * the seat's own thread.
   */
  timers: 14,
} as const;
export const submitterField = {
  completions: 0,
  asleep: line,
  doorbell: line + 1,
  lost: line + 2,
  /** When threads began to settle events without ringing for each: see completion-list.ts. */
  unrung: line + 3,
} as const;
export const submitterWords = 2 * line;

export const slotField = {
  state: 0,
  event: 1,
  handler: 2,
  priority: 3,
  codec: 4,
  bytes: 5,
  block: 6,
  next: 7,
  attempt: 8,
  submittedMicros: 9,
  cancel: 10,
  settledBy: 11,
  counted: 12,
  /** Of the object that the event is for: its handler's number, or, when it has a key, the key's hash, negative. */
  object: 13,
  dueMicros: 14,
  /** The priority that the person gave; `priority` is the one that the discipline goes by. */
  givenPriority: 15,
  // Up to here on one cache line, which is what an event costs; on the next what is rarely asked for.
  lostWord: 16,
} as const;
export const slotWords = 2 * line;

export const slabBytes = 2048;
export const blockBytes = 64 * 1024;
export const priorities = 8;
/** Handlers that have a circuit breaker; those beyond have none. */
export const breakers = 256;
export const breakerWords = 4;
export const lockCapacity = 1024;
/** See busy-keys.ts. */
export const keyWords = 1024;
