// Every kind of event that a trace may hold, with the meaning of its fields. Recorder, encoder, decoder and analysis read
// this table; docs/trace-format.md is held against it by a test. Codes are for ever: a code is never reused, a field
// never changes its meaning; a new meaning is a new kind.
//
// An event is 32 bytes in the ring: time (int64 ns), code (8 bits) with `small` (24 bits, unsigned), turn, and a, b, c, d
// (int32). `turn` is the recording thread's turn number, 0 outside a turn. Fields left out are 0. Indexes into tables
// (thread, lock, site, handler, string) are as in the tables; a field named `...Plus1` is 0 for "none".

export interface EventFields {
  readonly small?: string;
  readonly a?: string;
  readonly b?: string;
  readonly c?: string;
  readonly d?: string;
}

export interface EventKindDefinition {
  readonly code: number;
  readonly fields: EventFields;
}

export const eventKinds = {
  threadStarted: { code: 1, fields: { a: "osThreadId" } },
  threadStopped: { code: 2, fields: {} },
  /** Written by the supervisor on the dead thread's behalf, once its exit is certain. */
  threadCrashed: { code: 3, fields: { small: "thread", a: "exitCode", b: "reasonString" } },
  /** `small` is a role code; for leader, b is the set that it leads, c the leadership's generation, d who promoted it. */
  roleChanged: {
    code: 4,
    fields: { small: "role", b: "handleSet", c: "generation", d: "promoterPlus1" },
  },

  /** `handleSet` is 0 or more for a set that any thread may take from, below 0 for one that is bound to a thread. */
  eventSubmitted: {
    code: 10,
    fields: { small: "priority", a: "event", b: "handler", c: "depth", d: "handleSet" },
  },
  /** `generation` is the leadership's; 0 for a thread that took an event of its own without leading. */
  eventSelected: {
    code: 11,
    fields: { small: "priority", a: "event", b: "handler", c: "depth", d: "generation" },
  },
  /** promoteNewLeader was called; `toPlus1` is the follower that is being woken, 0 when nobody had to be. */
  promoted: { code: 12, fields: { a: "toPlus1", b: "handleSet", c: "generation" } },
  /** `variant` is 1 for the degraded variant of the handler. */
  handlerStarted: {
    code: 13,
    fields: { small: "attempt", a: "event", b: "handler", c: "variant" },
  },
  handlerSuspended: { code: 14, fields: { a: "event", b: "handler" } },
  handlerResumed: { code: 15, fields: { a: "event", b: "handler" } },
  handlerEnded: { code: 16, fields: { a: "event", b: "handler" } },
  handlerFailed: { code: 17, fields: { a: "event", b: "handler", c: "errorString" } },
  /** The event's one outcome; `small` is an outcome code (see outcome.ts). */
  settled: { code: 18, fields: { small: "outcome", a: "event", b: "handler" } },
  retried: { code: 19, fields: { small: "attempt", a: "event", b: "handler" } },
  /** Refused at the door: never queued, its outcome is "shed". */
  eventShed: { code: 24, fields: { small: "priority", a: "event", b: "handler" } },
  handleDeactivated: { code: 20, fields: { a: "handle" } },
  handleReactivated: { code: 21, fields: { a: "handle" } },
  queueDepth: { code: 22, fields: { small: "priority", a: "depth" } },
  handlerReplaced: { code: 23, fields: { b: "handler", c: "source" } },

  /** Owner as returned by the compare-exchange that failed; written before the thread blocks. */
  lockWaitStarted: {
    code: 30,
    fields: { small: "waiters", a: "lock", b: "site", c: "ownerThreadPlus1", d: "acquisition" },
  },
  /** The holder changed while this wait went on: a new segment, with the new hold. */
  lockWaitSegment: { code: 31, fields: { a: "lock", c: "ownerThreadPlus1", d: "acquisition" } },
  /** `small` is a wait outcome code; c is the thread that woke this one. */
  lockWaitEnded: {
    code: 32,
    fields: { small: "waitOutcome", a: "lock", b: "site", c: "wakerPlus1", d: "acquisition" },
  },
  /** A hold: both ends are written after the release. `mode` is as in outcome.ts; `acquisition` numbers the holds of one lock from 1. */
  lockAcquired: { code: 33, fields: { small: "mode", a: "lock", b: "site", d: "acquisition" } },
  lockReleased: { code: 34, fields: { small: "mode", a: "lock", b: "site", d: "acquisition" } },
  lockOrderEdge: {
    code: 35,
    fields: { a: "heldLock", b: "heldSite", c: "wantedLock", d: "wantedSite" },
  },
  guardLeftHeld: { code: 36, fields: { a: "lock", b: "site", d: "acquisition" } },
  lockAbandoned: { code: 37, fields: { a: "lock", c: "deadThreadPlus1", d: "acquisition" } },
  conditionWaitStarted: { code: 38, fields: { a: "lock", b: "site" } },
  conditionWaitEnded: { code: 39, fields: { small: "waitOutcome", a: "lock", b: "site" } },
  /** `asked` is 1 for notifyOne, 0 for notifyAll. */
  conditionNotified: { code: 40, fields: { a: "lock", b: "site", c: "asked", d: "woken" } },
  semaphoreChanged: { code: 41, fields: { a: "lock", b: "site", c: "permits" } },
  barrierArrived: { code: 42, fields: { a: "lock", b: "site", c: "missing" } },
  barrierTripped: { code: 43, fields: { a: "lock", c: "generation" } },
  /** Of all parties but the one that comes last. */
  barrierWaitStarted: { code: 44, fields: { a: "lock", b: "site" } },
  barrierWaitEnded: { code: 45, fields: { small: "waitOutcome", a: "lock", b: "site" } },

  rawWaitStarted: { code: 50, fields: { small: "asynchronous", a: "address", b: "site" } },
  rawWaitEnded: { code: 51, fields: { small: "waitOutcome", a: "address", b: "site" } },
  blockingCallStarted: { code: 52, fields: { a: "nameString", b: "site" } },
  blockingCallEnded: { code: 53, fields: { a: "nameString", b: "site" } },
  messageSent: { code: 54, fields: { a: "port", b: "bytes", c: "encodeNanos", d: "sequence" } },
  messageReceived: { code: 55, fields: { a: "port", b: "bytes", c: "decodeNanos", d: "sequence" } },
  payloadEncoded: { code: 56, fields: { small: "codec", a: "event", b: "bytes", c: "nanos" } },
  payloadDecoded: { code: 57, fields: { small: "codec", a: "event", b: "bytes", c: "nanos" } },

  garbageCollected: { code: 60, fields: { small: "gcKind", a: "micros" } },
  heapSampled: { code: 61, fields: { a: "usedKiB", b: "limitKiB" } },
  loopOverdue: { code: 62, fields: { a: "micros" } },
  /** OS totals since the thread's previous sample; nothing per event is derived from them. */
  osSampled: {
    code: 63,
    fields: {
      small: "throttled",
      a: "cpuMicros",
      b: "runQueueMicros",
      c: "voluntary",
      d: "involuntary",
    },
  },

  mark: { code: 70, fields: { a: "nameString" } },
  spanStarted: { code: 71, fields: { a: "nameString", b: "span" } },
  spanEnded: { code: 72, fields: { a: "nameString", b: "span" } },

  /** One thread's state row as the collector saw it; `sinceMicros` is how long it has waited by then. */
  stateSeen: {
    code: 80,
    fields: { small: "role", a: "event", b: "waitsForLockPlus1", c: "waitSite", d: "sinceMicros" },
  },
  holdSeen: { code: 81, fields: { a: "lock", b: "site", d: "acquisition" } },
} as const satisfies Readonly<Record<string, EventKindDefinition>>;

export type EventKind = keyof typeof eventKinds;

const kindOfCode: ReadonlyMap<number, EventKind> = new Map(
  Object.entries(eventKinds).map(([kind, definition]) => [definition.code, kind as EventKind]),
);

export function codeOf(kind: EventKind): number {
  return eventKinds[kind].code;
}

/** Undefined for a code that a later version of Poolscope wrote. */
export function kindOf(code: number): EventKind | undefined {
  return kindOfCode.get(code);
}
