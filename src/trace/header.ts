// What a trace says of itself before its first event: which model ran, where, how it was configured, what recording
// costs. Plain data; stored as JSON in the file's first chunk.

export type ConcurrencyModel =
  | "leader-followers"
  | "half-sync-half-async"
  | "active-object"
  | "monitor-object"
  | "event-loop"
  | "foreign-pool";

export interface TraceHeader {
  /** I1-I8 are checked for "leader-followers" only. */
  readonly model: ConcurrencyModel;
  readonly origin: "runtime" | "attached";
  /** Of the pool that ran: "poolscope 0.1.0", or the attached program's pool. */
  readonly pool: string;
  readonly pid: number;
  readonly parentPid: number;
  /** Date of the start, ISO 8601, UTC. */
  readonly startedAt: string;
  /** process.hrtime of the start: times in the trace count from here. Decimal, since JSON holds no int64. */
  readonly startNanos: string;
  readonly nodeVersion: string;
  /** Of the node that ran it, absolute. */
  readonly nodePath: string;
  readonly platform: string;
  readonly cpuModel: string;
  readonly cpuCount: number;
  /** The handler module, relative to `root`. */
  readonly module: string;
  readonly root: string;
  readonly configuration: { readonly [key: string]: unknown };
  readonly level: "off" | "scheduling" | "locks" | "all";
  /** Median cost of recording one event, measured in the runtime process at its start. */
  readonly nanosPerEvent: number;
}

/** Written when a run ends on purpose. A trace without it was cut. */
export interface TraceFooter {
  readonly endNanos: number;
  readonly reason: "completed" | "stopped" | "failed" | "size-limit";
  readonly message: string;
}
