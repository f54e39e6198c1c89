// Drawn traces: one column is one microsecond, or what the drawing says. The row of roles says what a thread is, `L` leader, `P`
// processing, `F` follower, blank outside; a row named after a lock says when it waits (`w`) and when it holds (`h`); one named
// after a call, when it is in that blocking call (`c`). Everything else follows: selections, promotions, handlers, acquisition
// numbers. The trace goes through encoder and decoder on its way.

import { decode } from "../../src/trace/decode.ts";
import { TraceEncoder } from "../../src/trace/encode.ts";
import { makeBatch } from "../../src/trace/event-batch.ts";
import { codeOf, type EventKind } from "../../src/trace/event-kind.ts";
import { fileHeader } from "../../src/trace/format.ts";
import { outcomeCode } from "../../src/trace/outcome.ts";
import { roleCode, type Role } from "../../src/trace/role.ts";
import type { TraceHeader } from "../../src/trace/header.ts";
import type { LockRow } from "../../src/trace/tables.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { testHeader } from "./test-header.ts";

export interface DrawnThread {
  readonly roles: string;
  /** By the lock's name. */
  readonly locks?: Readonly<Record<string, string>>;
  /** Blocking calls, by their name. */
  readonly calls?: Readonly<Record<string, string>>;
  /** When its turn is suspended at an await: `s`. */
  readonly awaits?: string;
}

export interface DrawnRecord {
  readonly thread: number;
  readonly micros: number;
  readonly kind: EventKind;
  readonly small?: number;
  readonly turn?: number;
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  readonly d?: number;
}

export interface DrawOptions {
  /** Records beside those that follow from the drawing. */
  readonly extra?: readonly DrawnRecord[];
  /** Records of the drawing that are left out: a planted fault. */
  readonly without?: (record: DrawnRecord) => boolean;
  /** Microseconds that each event waited before it was selected; 1 by default. */
  readonly queued?: number | ((event: number) => number);
  /** Records of the drawing as they are to be written. */
  readonly change?: (record: DrawnRecord) => DrawnRecord;
  readonly cut?: boolean;
  /** What a column stands for, in nanoseconds: times in `extra` count columns too. */
  readonly column?: number;
  readonly header?: Partial<TraceHeader>;
  readonly lockKinds?: Readonly<Record<string, LockRow["kind"]>>;
  /** Names of handlers; which one an event is for says `handlerOf`, the first by default. */
  readonly handlers?: readonly string[];
  readonly handlerOf?: (event: number) => number;
  readonly priorityOf?: (event: number) => number;
  /** From index 1 on; the names of blocking calls come after them. */
  readonly strings?: readonly string[];
}

const roleOf: Readonly<Record<string, Role>> = {
  L: "leader",
  P: "processing",
  F: "follower",
  " ": "outside",
};

/** Pool threads are 1, 2, ...; events are submitted by thread 0. Site n is line 10 n of thread n's file. */
export function drawTrace(drawn: readonly DrawnThread[], options: DrawOptions = {}): Trace {
  const locks = [...new Set(drawn.flatMap(({ locks = {} }) => Object.keys(locks)))];
  const calls = [...new Set(drawn.flatMap(({ calls = {} }) => Object.keys(calls)))];
  const strings = ["", ...(options.strings ?? []), ...calls];
  const records = [
    ...rolesOf(drawn, options),
    ...locksOf(drawn, locks),
    ...callsOf(drawn, strings),
    ...awaitsOf(drawn),
  ]
    .filter((record) => options.without?.(record) !== true)
    .map((record) => options.change?.(record) ?? record)
    .concat(options.extra ?? []);
  const end = Math.max(...drawn.map(({ roles }) => roles.length));
  const encoder = new TraceEncoder((bytes) => bytes);
  const header = { ...testHeader, ...options.header };
  const pieces = [
    fileHeader(),
    encoder.header(header),
    ...tables(encoder, drawn, { ...options, locks, strings }),
  ];
  for (let thread = 0; thread <= drawn.length; thread++) {
    pieces.push(eventsOf(encoder, thread, records, options.column ?? 1000));
  }
  const endNanos = end * (options.column ?? 1000);
  const footer = { endNanos, reason: "completed", message: "" } as const;
  if (options.cut !== true) pieces.push(encoder.footer(footer));
  const { trace, problems } = decode(Buffer.concat(pieces), (stored) => stored);
  if (trace === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return trace;
}

function tables(
  encoder: TraceEncoder,
  drawn: readonly DrawnThread[],
  {
    locks,
    strings,
    handlers = ["work"],
    lockKinds = {},
  }: DrawOptions & { readonly locks: readonly string[]; readonly strings: readonly string[] },
): Uint8Array[] {
  const common = { threadId: 0, osThreadId: 0, parent: 0, capabilities: [] } as const;
  const threads = drawn.map((_, index) => ({
    ...{ index: index + 1, name: `thread ${index + 1}`, kind: "pool" as const },
    ...common,
  }));
  const unknown = { source: -1, file: "", line: 0, column: 0, function: "" };
  const sites = drawn.map((_, index) => ({
    ...{ source: -1, file: `thread-${index + 1}.ts`, line: 10 * (index + 1), column: 3 },
    function: `handler${index + 1}`,
  }));
  return [
    encoder.rows("threads", [{ index: 0, name: "main", kind: "main", ...common }, ...threads]),
    encoder.rows("sites", [unknown, ...sites]),
    encoder.rows("strings", strings),
    encoder.rows(
      "handlers",
      handlers.map((name, index) => ({ name, site: handlers.length === 1 ? 0 : index + 1 })),
    ),
    encoder.rows(
      "locks",
      locks.map((name, index) => ({ index, name, kind: lockKinds[name] ?? "mutex" })),
    ),
  ];
}

interface Stretch {
  readonly thread: number;
  readonly letter: string;
  readonly from: number;
  readonly to: number;
}

function stretches(thread: number, row: string): Stretch[] {
  const found: Stretch[] = [];
  for (let from = 0; from < row.length;) {
    let to = from + 1;
    while (to < row.length && row[to] === row[from]) to++;
    found.push({ thread, letter: row[from] ?? " ", from, to });
    from = to;
  }
  return found;
}

function rolesOf(
  drawn: readonly DrawnThread[],
  { queued = 1, handlerOf = () => 0, priorityOf = () => 0 }: DrawOptions,
): DrawnRecord[] {
  const all = drawn.flatMap(({ roles }, index) => stretches(index + 1, roles));
  const reigns = all
    .filter(({ letter }) => letter === "L")
    .toSorted((first, second) => first.from - second.from);
  const generation = new Map(reigns.map((reign, index) => [reign, index + 1]));
  const turns = all
    .filter(({ letter }) => letter === "P")
    .toSorted((first, second) => first.from - second.from);
  const events = new Map(turns.map((turn, index) => [turn, index + 1]));
  return all.flatMap((stretch): DrawnRecord[] => {
    const { thread, letter, from, to } = stretch;
    const role = roleOf[letter] ?? "outside";
    if (from === 0 && role === "outside") return [];
    const c = generation.get(stretch) ?? 0;
    const change: DrawnRecord = {
      ...{ thread, micros: from, kind: "roleChanged", small: roleCode[role], c },
    };
    const event = events.get(stretch);
    if (event === undefined) return [change];
    const b = handlerOf(event);
    const small = priorityOf(event);
    const about = { thread, turn: event, a: event, b };
    const waited = typeof queued === "number" ? queued : queued(event);
    const submitted = Math.max(0, from - waited);
    return [
      { thread: 0, micros: submitted, kind: "eventSubmitted", small, a: event, b, c: 1 },
      { thread, micros: from, kind: "eventSelected", small, a: event, b },
      { thread, micros: from, kind: "promoted" },
      change,
      { ...about, micros: from, kind: "handlerStarted" },
      { ...about, micros: to, kind: "handlerEnded" },
      { ...about, micros: to, kind: "settled", small: outcomeCode.completed },
    ];
  });
}

/** The event that a thread handles at a moment, which is also its turn; 0 outside of all. */
function turnAt(drawn: readonly DrawnThread[], thread: number, micros: number): number {
  const turns = drawn
    .flatMap(({ roles }, index) => stretches(index + 1, roles))
    .filter(({ letter }) => letter === "P")
    .toSorted((first, second) => first.from - second.from);
  return (
    1 + turns.findIndex((turn) => turn.thread === thread && turn.from <= micros && micros < turn.to)
  );
}

function locksOf(drawn: readonly DrawnThread[], locks: readonly string[]): DrawnRecord[] {
  return locks.flatMap((name, lock) => {
    const rows = drawn.flatMap((thread, index) =>
      stretches(index + 1, thread.locks?.[name] ?? "").filter(({ letter }) => letter !== " "),
    );
    const holds = rows
      .filter(({ letter }) => letter === "h")
      .toSorted((first, second) => first.from - second.from);
    const at = (micros: number): Stretch | undefined =>
      holds.find(({ from, to }) => from <= micros && micros < to);
    return rows.flatMap((row): DrawnRecord[] => {
      const { thread, letter, from, to } = row;
      const common = { thread, turn: turnAt(drawn, thread, from), a: lock, b: thread };
      if (letter === "h") {
        const d = holds.indexOf(row) + 1;
        return [
          { ...common, micros: from, kind: "lockAcquired", d },
          { ...common, micros: to, kind: "lockReleased", d },
        ];
      }
      const owner = at(from);
      const c = owner === undefined ? 0 : owner.thread + 1;
      const d = owner === undefined ? 0 : holds.indexOf(owner) + 1;
      const start: DrawnRecord = { ...common, micros: from, kind: "lockWaitStarted", c, d };
      const isOpen = to >= (drawn[thread - 1]?.roles.length ?? 0);
      return isOpen ? [start] : [start, { ...common, micros: to, kind: "lockWaitEnded", small: 0 }];
    });
  });
}

function callsOf(drawn: readonly DrawnThread[], strings: readonly string[]): DrawnRecord[] {
  return drawn.flatMap(({ calls = {} }, index) =>
    Object.entries(calls).flatMap(([name, row]) =>
      stretches(index + 1, row)
        .filter(({ letter }) => letter === "c")
        .flatMap(({ thread, from, to }): DrawnRecord[] => {
          const call = { thread, turn: turnAt(drawn, thread, from), a: strings.indexOf(name) };
          return [
            { ...call, b: thread, micros: from, kind: "blockingCallStarted" },
            { ...call, b: thread, micros: to, kind: "blockingCallEnded" },
          ];
        }),
    ),
  );
}

function awaitsOf(drawn: readonly DrawnThread[]): DrawnRecord[] {
  return drawn.flatMap(({ awaits = "" }, index) =>
    stretches(index + 1, awaits)
      .filter(({ letter }) => letter === "s")
      .flatMap(({ thread, from, to }): DrawnRecord[] => {
        const turn = turnAt(drawn, thread, from);
        return [
          { thread, turn, a: turn, micros: from, kind: "handlerSuspended" },
          { thread, turn, a: turn, micros: to, kind: "handlerResumed" },
        ];
      }),
  );
}

function eventsOf(
  encoder: TraceEncoder,
  thread: number,
  records: readonly DrawnRecord[],
  column: number,
): Uint8Array {
  const own = records.filter((record) => record.thread === thread);
  const ordered = own.toSorted((first, second) => first.micros - second.micros);
  const batch = makeBatch(Math.max(1, own.length));
  for (const { micros, kind, small = 0, turn = 0, a = 0, b = 0, c = 0, d = 0 } of ordered) {
    const at = batch.length++;
    batch.time[at] = micros * column;
    batch.code[at] = codeOf(kind);
    batch.small[at] = small;
    batch.turn[at] = turn;
    batch.a[at] = a;
    batch.b[at] = b;
    batch.c[at] = c;
    batch.d[at] = d;
  }
  return encoder.events(thread, batch, 0);
}
