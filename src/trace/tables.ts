// The tables that give a trace's numbers their names. In the file each table is a sequence of chunks whose rows are
// appended; an index is a row's place in its table. Row 0 of `strings` and `sites` means "unknown".

export const threadKinds = ["pool", "main", "workload", "collector", "other"] as const;

/** A seat in which another thread begins has a row again: the last one counts. */
export interface ThreadRow {
  readonly index: number;
  readonly name: string;
  readonly kind: (typeof threadKinds)[number];
  readonly threadId: number;
  /** The operating system's id, 0 where the platform gives none. */
  readonly osThreadId: number;
  /** Index of the thread that started it, or -1. */
  readonly parent: number;
  /** What can be seen of this thread, but for `unseen`: the absence of "gc" is not the absence of GC. */
  readonly capabilities: readonly ThreadCapability[];
}

export const threadCapabilities = [
  "roles",
  "locks",
  "gc",
  "os",
  "blocking-calls",
  "raw-waits",
] as const;

export type ThreadCapability = (typeof threadCapabilities)[number];

export interface SiteRow {
  /** Index into `sources`, or -1 when the file is not under the person's root. */
  readonly source: number;
  /** Relative to the root where it lies under it, else absolute. */
  readonly file: string;
  /** From 1, in the person's own text. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Name of the enclosing function, "" at module level. */
  readonly function: string;
}

/** `foreign`: of another library, or a raw wait; each thread may have a lock of the same name and its own index. */
export const lockKinds = [
  "mutex",
  "rwlock",
  "semaphore",
  "condition",
  "barrier",
  "foreign",
] as const;

export interface LockRow {
  /** The lock's number in events; rows come in the order in which locks were first used. */
  readonly index: number;
  readonly name: string;
  readonly kind: (typeof lockKinds)[number];
}

export interface HandlerRow {
  readonly name: string;
  /** Where the handler's function begins. */
  readonly site: number;
}

export interface SourceRow {
  /** Relative to the person's root, with forward slashes. */
  readonly path: string;
  /** Hex SHA-256 of `text` in UTF-8. */
  readonly sha256: string;
  readonly text: string;
}

export interface PortRow {
  readonly thread: number;
  readonly peerThread: number;
}

export interface TaskRow {
  /** 32 hex digits. */
  readonly id: string;
  readonly event: number;
}

/** What a run could not watch, beyond what none can: the Node or the library that it met would not let it. */
export interface UnseenRow {
  /** The name of a function, or in the plural what it would have told. */
  readonly what: string;
  /** The module, object or library that has it; "" where it is plain. */
  readonly of: string;
  /** A clause: "it may not be changed". */
  readonly why: string;
}

export interface Tables {
  readonly strings: readonly string[];
  readonly sites: readonly SiteRow[];
  readonly locks: readonly LockRow[];
  readonly handlers: readonly HandlerRow[];
  readonly threads: readonly ThreadRow[];
  readonly sources: readonly SourceRow[];
  readonly ports: readonly PortRow[];
  readonly tasks: readonly TaskRow[];
  readonly unseen: readonly UnseenRow[];
}

export type TableName = keyof Tables;
