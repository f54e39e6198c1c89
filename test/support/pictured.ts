// For each rule a drawing in which it finds itself: the picture on its page is made from it, and a test holds that it does.

import type { DrawnRecord, DrawnThread, DrawOptions } from "./draw-trace.ts";

export interface Pictured {
  readonly drawn: readonly DrawnThread[];
  /** How often the drawing is repeated: rules want to have seen a thing more than once. */
  readonly times: number;
  readonly options: DrawOptions;
  /** Columns that the picture shows. */
  readonly shown: number;
  readonly caption: string;
}

const column = 1e6;
const saturated: DrawOptions = { queued: 16, column, header: { cpuCount: 4 } };
const two: DrawOptions = { ...saturated, header: { cpuCount: 2 } };
const plain = { roles: "LPPPPPPP" };

const inTurns = (
  count: number,
  at: number,
  record: Pick<DrawnRecord, "kind"> & Partial<DrawnRecord>,
): DrawnRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ thread: 1, micros: 8 * index + at, turn: 2 * index + 1, a: 2 * index + 1 },
    ...record,
  }));

const every = (
  count: number,
  step: number,
  record: Omit<DrawnRecord, "micros">,
  more: (index: number) => Partial<DrawnRecord> = () => ({}),
): DrawnRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...record,
    micros: step * index,
    ...more(index),
  }));

const noEnd =
  (turn: number) =>
  ({ thread, turn: own, kind }: DrawnRecord): boolean =>
    thread === 1 && own === turn && (kind === "handlerEnded" || kind === "settled");

const withoutPromotion = ({ kind }: DrawnRecord): boolean => kind === "promoted";

export const pictured: Readonly<Record<string, Pictured>> = {
  "lock-contention": {
    drawn: [
      { roles: "LPPPPPPPPPPP", locks: { ledger: " hhhh       " } },
      { roles: "LPPPPPPPPPPP", locks: { ledger: " wwwwhhhh   " } },
      { roles: "LPPPPPPPPPPP", locks: { ledger: " wwwwwwwwhhh" } },
    ],
    times: 30,
    options: saturated,
    shown: 24,
    caption:
      "One thread holds the lock (yellow), the others wait for it (red, hatched) and take it one after the other.",
  },
  "lock-order-inversion": {
    drawn: [
      { roles: "LPPPPPPPLPPPPPPP", locks: { left: "  hhhhh    hhh  ", right: "   hhh    hhhhh " } },
    ],
    times: 1,
    options: two,
    shown: 16,
    caption:
      "One turn takes the one lock within the other, the next the other way round. Nobody waits, and nothing is slow.",
  },
  deadlock: {
    drawn: [
      { roles: "LPPPPPPP", locks: { left: " hhhhhhh", right: "    wwww" } },
      { roles: "FLPPPPPP", locks: { right: "  hhhhhh", left: "     www" } },
    ],
    times: 1,
    options: { column: 1e9, cut: true },
    shown: 8,
    caption: "Each thread waits for what the other holds, to the end of what was recorded.",
  },
  "condition-timeouts": {
    drawn: [{ ...plain, locks: { ready: "" } }, plain],
    times: 40,
    options: {
      ...two,
      extra: [
        ...inTurns(40, 2, { kind: "conditionWaitStarted", a: 0, b: 1 }),
        ...inTurns(40, 6, { kind: "conditionWaitEnded", a: 0, b: 1, small: 1 }),
      ],
    },
    shown: 24,
    caption:
      "The handler's slices are all about as long as the timeout: that is what gives it away.",
  },
  "notify-herd": {
    drawn: [{ ...plain, locks: { ready: "" } }, plain],
    times: 40,
    options: {
      ...two,
      extra: [
        ...inTurns(40, 1, { kind: "conditionWaitStarted", a: 0, b: 1 }),
        ...inTurns(40, 3, { kind: "conditionWaitEnded", a: 0, b: 1 }),
        ...inTurns(40, 5, { kind: "conditionWaitStarted", a: 0, b: 1 }),
        ...inTurns(40, 6, { kind: "conditionWaitEnded", a: 0, b: 1 }),
        ...inTurns(40, 3, { thread: 2, kind: "conditionNotified", a: 0, b: 2, c: 8, d: 2 }),
      ],
    },
    shown: 24,
    caption: "Many threads move at the same moment, and most of them have nothing to do.",
  },
  "reader-writer-starvation": {
    drawn: [
      { roles: "LPPPPPPPPPPPPPPP", locks: { book: " h h h h h h h  " } },
      { roles: "LPPPPPPPPPPPPPPP", locks: { book: " wwwwwwwwwwwwwwh" } },
    ],
    times: 30,
    options: {
      ...{ ...saturated, lockKinds: { book: "rwlock" } },
      change: (record) =>
        record.kind === "lockAcquired" && record.thread === 1 ? { ...record, small: 1 } : record,
    },
    shown: 32,
    caption: "The second thread wants to write; the first one reads again and again meanwhile.",
  },
  "blocking-call": {
    drawn: [
      { ...plain, calls: { readFileSync: "  ccccc " } },
      { ...plain, calls: { readFileSync: " ccccc  " } },
    ],
    times: 30,
    options: saturated,
    shown: 24,
    caption: "Every thread is in a blocking call (orange) while the queue above is not empty.",
  },
  "loop-overdue": {
    drawn: [
      { roles: "LPPPPPPPPPPPPPPP", awaits: "  ss            " },
      { roles: "LPPPPPPPPPPPPPPP", awaits: "  ss            " },
    ],
    times: 20,
    options: {
      ...{ ...saturated, column: 10e6, handlers: ["compute", "other"] },
      // A turn that awaits all along, in the thread that computes.
      extra: [
        { thread: 0, micros: 0, kind: "eventSubmitted", a: 900, b: 1 },
        { thread: 1, turn: 900, micros: 0, kind: "handlerStarted", a: 900, b: 1 },
        { thread: 1, turn: 900, micros: 0, kind: "handlerSuspended", a: 900, b: 1 },
        { thread: 1, turn: 900, micros: 319, kind: "handlerEnded", a: 900, b: 1 },
        ...every(20, 16, { thread: 1, kind: "loopOverdue", a: 120_000 }, (index) => ({
          micros: 16 * index + 16,
        })),
      ],
    },
    shown: 48,
    caption: "Long slices of one handler in a thread that has other turns open.",
  },
  "heap-growth": {
    drawn: [plain, plain],
    times: 40,
    options: {
      ...two,
      extra: [
        ...every(60, 5, { thread: 1, kind: "heapSampled", b: 1_000_000 }, (index) => ({
          a: 40_000 + 8000 * index + 3000 * (index % 5),
        })),
        ...every(20, 16, { thread: 1, kind: "garbageCollected", a: 900 }, (index) => ({
          micros: 16 * index + 6,
        })),
      ],
    },
    shown: 40,
    caption: "Collections (violet, below the lane) come again and again, and free less each time.",
  },
  "payload-cost": {
    drawn: [plain, plain],
    times: 40,
    options: {
      ...two,
      extra: inTurns(40, 0, { kind: "payloadDecoded", b: 100_000, c: 3_000_000 }),
    },
    shown: 24,
    caption:
      "The time is part of the turn: the timeline shows where it goes only by the event's details.",
  },
  "failing-handler": {
    drawn: [plain, plain],
    times: 40,
    options: {
      ...two,
      strings: ["RangeError: no such account"],
      extra: inTurns(20, 7, { kind: "handlerFailed", c: 1 }),
    },
    shown: 24,
    caption: "Failed turns end like others; the panel's list of events tells them apart.",
  },
  "hanging-handler": {
    drawn: [
      { roles: `${"LPPPPPPP".repeat(3)}L${"P".repeat(4000)}` },
      { roles: "LPPPPPPP".repeat(3) },
    ],
    times: 1,
    options: {
      ...two,
      extra: [{ thread: 0, micros: 4020, kind: "threadCrashed", small: 1, a: 1 }],
      without: noEnd(7),
    },
    shown: 60,
    caption: "The first thread's last handler goes on and on; no event is taken by it any more.",
  },
  "crashing-thread": {
    drawn: [plain, plain],
    times: 3,
    options: {
      ...two,
      extra: [
        { thread: 0, micros: 22, kind: "threadCrashed", small: 1, a: 9 },
        { thread: 1, micros: 23, kind: "threadStarted" },
      ],
      without: noEnd(5),
    },
    shown: 24,
    caption: "The lane ends in the middle of a handler, and its successor begins anew.",
  },
  "hidden-retries": {
    drawn: [plain, plain],
    times: 40,
    options: { ...two, extra: inTurns(4, 3, { kind: "retried", small: 1 }) },
    shown: 24,
    caption: "Every event has a good end; the second runs look like all others.",
  },
  "guard-left-held": {
    drawn: [
      { ...plain, locks: { stock: " hhhhhhh" } },
      { ...plain, locks: { stock: " wwwwwww" } },
    ],
    times: 40,
    options: { ...saturated, extra: inTurns(40, 7, { kind: "guardLeftHeld", a: 0, b: 1 }) },
    shown: 24,
    caption:
      "The hold (yellow) ends exactly where the handler does: the pool gave the lock back, not the handler.",
  },
  "abandoned-lock": {
    drawn: [
      { roles: "LPPPPPPPLPPPPPPP", locks: { stock: "" } },
      { roles: "LPPPPPPPLPPPPPPP", locks: { stock: "           hhh  " } },
    ],
    times: 1,
    options: {
      ...two,
      extra: [{ thread: 2, turn: 4, micros: 11, kind: "lockAbandoned", a: 0, c: 2, d: 1 }],
    },
    shown: 16,
    caption: "The second thread takes the lock over from one that died with it.",
  },
  "late-promotion": {
    drawn: [plain, { roles: "FFFFFFFF" }],
    times: 40,
    options: { ...saturated, without: withoutPromotion },
    shown: 24,
    caption:
      "One thread leads and handles, event after event; the other stays a follower though events wait.",
  },
  "leaderless-gap": {
    drawn: [plain, { roles: "FFFFFFFF" }],
    times: 40,
    options: saturated,
    shown: 24,
    caption:
      "While the first thread is in a handler nobody leads (no blue), though events wait and the other is idle.",
  },
  "slow-hand-off": {
    drawn: [plain, { roles: "FFFFFFFL" }],
    times: 40,
    options: {
      ...saturated,
      change: (record) =>
        record.kind === "promoted" && record.thread === 1 ? { ...record, a: 3 } : record,
    },
    shown: 24,
    caption:
      "The promotion (violet line) comes at once; the promoted thread leads (blue) long after it.",
  },
  "pool-too-small": {
    drawn: [{ roles: `L${"P".repeat(15)}` }, { roles: `L${"P".repeat(15)}` }],
    times: 60,
    options: { ...saturated, header: { cpuCount: 8 } },
    shown: 48,
    caption:
      "Both threads are always in handlers and the queue is never empty; six of eight processors do nothing.",
  },
  "queue-saturated": {
    drawn: [{ roles: `L${"P".repeat(15)}` }, { roles: `L${"P".repeat(15)}` }],
    times: 60,
    options: {
      ...{ ...two, header: { cpuCount: 2, configuration: { capacity: 64 } } },
      extra: every(48, 10, { thread: 0, kind: "eventShed" }, (index) => ({ a: 5000 + index })),
    },
    shown: 48,
    caption: "The queue above the lanes stays at its top, and threads have no moment to spare.",
  },
  "head-of-line-blocking": {
    drawn: Array.from({ length: 2 }, () => ({ roles: `L${"P".repeat(20)}${"LP".repeat(30)}` })),
    times: 20,
    options: {
      ...{ column, header: { cpuCount: 2 }, handlers: ["slow", "quick"] },
      queued: (event) => ((event - 1) % 62 < 6 ? 15 : 0),
      handlerOf: (event) => ((event - 1) % 62 < 2 ? 0 : 1),
    },
    shown: 60,
    caption: "Both threads are in the slow type while quick events wait in the queue.",
  },
  "priority-inversion": {
    drawn: [
      { ...plain, locks: { index: " hhhh   " } },
      { roles: "LLPPPPPP", locks: { index: "  wwwhhh" } },
    ],
    times: 30,
    options: {
      ...{ ...saturated, header: { cpuCount: 4, configuration: { queue: "priority" } } },
      priorityOf: (event) => (event + 1) % 2,
    },
    shown: 24,
    caption:
      "The urgent event in the second thread waits (red) for a lock that a less urgent one holds.",
  },
  "not-your-pool": {
    drawn: Array.from({ length: 2 }, () => ({ roles: `L${"P".repeat(15)}` })),
    times: 60,
    options: {
      ...two,
      extra: [1, 2].flatMap((thread) =>
        every(96, 10, { thread, kind: "osSampled", a: 2000, b: 8000 }),
      ),
    },
    shown: 48,
    caption:
      "Handlers look long; the threads' table says that they were ready without a processor.",
  },
};
