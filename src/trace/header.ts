// What a trace says of itself before its first event: which model ran, where, how it was configured, what recording
// costs. Plain data; stored as JSON in the file's first chunk.

export const concurrencyModels = [
  "leader-followers",
  "half-sync-half-async",
  "active-object",
  "monitor-object",
  "event-loop",
  "foreign-pool",
] as const;

export type ConcurrencyModel = (typeof concurrencyModels)[number];

export const traceOrigins = ["runtime", "attached"] as const;
export const recordingLevels = ["off", "scheduling", "locks", "all"] as const;

export interface TraceHeader {
  /** I1-I8 are checked for "leader-followers" only. */
  readonly model: ConcurrencyModel;
  readonly origin: (typeof traceOrigins)[number];
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
  readonly level: (typeof recordingLevels)[number];
  /** Median cost of recording one event, measured in the runtime process at its start. */
  readonly nanosPerEvent: number;
}

export const endReasons = ["completed", "stopped", "failed", "size-limit"] as const;

/** Written when a run ends on purpose. A trace without it was cut. */
export interface TraceFooter {
  readonly endNanos: number;
  readonly reason: (typeof endReasons)[number];
  readonly message: string;
}
