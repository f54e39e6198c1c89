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

export interface RunConfiguration {
  readonly threads: number;
  /** Which follower is promoted. */
  readonly promotion: "lifo" | "fifo";
  readonly when: "eager" | "on-demand";
  readonly queue: "fifo" | "priority";
  readonly whenFull: "wait" | "shed-newest";
  readonly capacity: number;
  readonly concurrentEvents: number;
  /** Runs of an event whose thread died, beyond the first. */
  readonly retries: number;
  /** A turn that has not settled by then is reported and its thread replaced; 0 for none. */
  readonly handlerDeadline: number;
  readonly workload: WorkloadSource;
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
}

export const defaultConfiguration: RunConfiguration = {
  threads: 4,
  promotion: "lifo",
  when: "on-demand",
  queue: "fifo",
  whenFull: "wait",
  capacity: 4096,
  concurrentEvents: 1,
  retries: 0,
  handlerDeadline: 30_000,
  workload: { kind: "module" },
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
};
