// What a run is asked to do: from the command line, poolscope.json or the editor, checked and completed before it
// crosses to the runtime process. Every key has a default (see defaultConfiguration). Times are in milliseconds.

export type WorkloadSource =
  | { readonly kind: "module" }
  /** A file with one event per line: {"type","payload","priority"}. */
  | { readonly kind: "json-lines"; readonly path: string }
  | { readonly kind: "empty"; readonly events: number };

/** `closed` keeps K events in flight; `open` submits at intended times, whatever the pool does. */
export type Arrival =
  | { readonly kind: "closed"; readonly inFlight: number }
  | { readonly kind: "open"; readonly perSecond: number; readonly spacing: "constant" | "poisson" };

/** How the pool's threads share the events: docs/models.md. */
export const concurrencyModels = [
  "leader-followers",
  "half-sync-half-async",
  "active-object",
  "monitor-object",
  "event-loop",
] as const;
export type ConcurrencyModelName = (typeof concurrencyModels)[number];

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface RunConfiguration {
  readonly model: ConcurrencyModelName;
  /** Whether events belong to one thread: none, all, or those with a key; of leader-followers only. */
  readonly association: "unbound" | "bound" | "hybrid";
  /** Whether events of one key run one at a time; of leader-followers only, unbound and with one handle set. */
  readonly exclusiveKeys: boolean;
  /** Each with a leader of its own; of leader-followers only. */
  readonly handleSets: number;
  readonly threads: number;
  /** Which follower is promoted. */
  readonly promotion: "lifo" | "fifo" | "priority" | "load" | "speed";
  /** `late`, after the handler, is the pattern's classic mistake. */
  readonly when: "eager" | "barge" | "on-demand" | "late";
  readonly queue: "fifo" | "priority" | "deadline";
  readonly whenFull: "wait" | "shed-newest" | "shed-oldest" | "shed-lowest";
  /** `codel` sheds events by the queue's delay. */
  readonly admission: "none" | "codel";
  /** Failures in a row after which a handler's events are not run for `breakMillis`; 0 for never. */
  readonly breakAfter: number;
  readonly breakMillis: number;
  /** MiB of heap a thread; 0 for what Node allows. */
  readonly threadMemory: number;
  readonly capacity: number;
  /** Undefined: the model's own, 1 or, for the event loop, 10,000. */
  readonly concurrentEvents: number | undefined;
  /** Runs of an event whose thread died, beyond the first. */
  readonly retries: number;
  /** A turn that has not settled by then is reported and its thread replaced; 0 for none. */
  readonly handlerDeadline: number;
  /** From ctx.signal's abort, at the deadline or when the event is cancelled, until the thread is given up. */
  readonly handlerGrace: number;
  /** Up to this number the pool grows while events wait; undefined: `threads`. */
  readonly maxThreads: number | undefined;
  /** Files of the handlers that are saved while the run goes replace the handlers. */
  readonly watch: boolean;
  /** What is told of what happens to the pool itself. */
  readonly logLevel: LogLevel | "none";
  /** "none", "spread", "compact", or processors such as "0,2-3". */
  readonly affinity: string;
  /** Threads that have loaded the handlers and wait to take a dead one's place. */
  readonly spareThreads: number;
  /** File for events that ended their threads more often than `retries` allows. */
  readonly deadLetters: string | undefined;
  readonly workload: WorkloadSource;
  /** Event sources beside the workload, as a pool's `sources`, which checks them; paths are absolute. */
  readonly sources: readonly Readonly<Record<string, unknown>>[];
  readonly arrival: Arrival;
  /** The run stops submitting after this time or so many events, whichever is first; 0 for no limit. */
  readonly duration: number;
  readonly events: number;
  readonly level: "off" | "scheduling" | "locks" | "all";
  /** Bytes of named shared memory (`ctx.shared`). */
  readonly sharedBytes: number;
  /** Failed events beyond this number make the exit status 1; undefined for no limit. */
  readonly maxFailures: number | undefined;
  readonly maxTraceBytes: number;
  readonly seed: number;
  /** Undefined: the folder of the handler module's package.json, else its own folder. */
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly envFile: string | undefined;
  readonly execArgv: readonly string[];
  /** Thresholds of the analysis, by rule and name; the trace carries them. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const defaultConfiguration: RunConfiguration = {
  model: "leader-followers",
  association: "unbound",
  exclusiveKeys: false,
  handleSets: 1,
  threads: 4,
  promotion: "lifo",
  when: "on-demand",
  queue: "fifo",
  whenFull: "wait",
  admission: "none",
  breakAfter: 0,
  breakMillis: 1000,
  threadMemory: 0,
  capacity: 4096,
  concurrentEvents: undefined,
  retries: 0,
  handlerDeadline: 30_000,
  handlerGrace: 1000,
  maxThreads: undefined,
  watch: false,
  logLevel: "none",
  affinity: "none",
  spareThreads: 0,
  deadLetters: undefined,
  workload: { kind: "module" },
  sources: [],
  arrival: { kind: "closed", inFlight: 64 },
  duration: 10_000,
  events: 0,
  level: "all",
  sharedBytes: 64 * 1024 * 1024,
  maxFailures: undefined,
  maxTraceBytes: 500 * 1024 * 1024,
  seed: 1,
  cwd: undefined,
  env: {},
  envFile: undefined,
  execArgv: [],
  rules: {},
};
