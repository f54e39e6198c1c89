// How a pool is set up. Every key has a default; what is out of range is refused with a sentence by checkPoolOptions.

export interface PoolOptions {
  /**
   * How the threads share the events (docs/models.md). "event-loop" has one thread whatever `threads` says;
   * "half-sync-half-async" has one more, which hands events over. Default "leader-followers".
   */
  readonly model?:
    | "leader-followers"
    | "half-sync-half-async"
    | "active-object"
    | "monitor-object"
    | "event-loop";
  /**
   * Which thread may run an event: "unbound", the default: any. "bound": events with the same `key`, or of one type where they have
   * none, run on the same thread, in the order in which each submitter submitted them. "hybrid": those with a key are bound, those
   * without run anywhere. Only for "leader-followers".
   */
  readonly association?: "unbound" | "bound" | "hybrid";
  /**
   * Whether events with the same `key` run one at a time, on any thread, in the order in which each submitter submitted them; the
   * others go on meanwhile. Default false. Only for "leader-followers" with `association` "unbound" and one handle set.
   */
  readonly exclusiveKeys?: boolean;
  /**
   * Handle sets, each with a leader of its own; an event goes to one by its key, or by its type when it has none. Default 1; more
   * only for "leader-followers" with `when` "on-demand" or "barge".
   */
  readonly handleSets?: number;
  /** Default 4. "auto": as many as this process may use processors, by its affinity and its control group's quota. */
  readonly threads?: number | "auto";
  /**
   * Which follower is promoted. A URL is that of a module of your own, loaded in each thread: its default export is told two idle
   * threads and says whether the first goes first. Default "lifo".
   */
  readonly promotion?: "lifo" | "fifo" | "priority" | "load" | "speed" | URL;
  /** When: "late", after the handler, is the mistake most often made with the pattern, and only for seeing it. */
  readonly when?: "eager" | "barge" | "on-demand" | "late";
  readonly queue?: "fifo" | "priority" | "deadline";
  /** `shed-lowest` needs queue "priority". */
  readonly whenFull?: "wait" | "shed-newest" | "shed-oldest" | "shed-lowest";
  /** `codel` sheds events that waited over 10 ms while the queue's delay stays over 5 ms for 100 ms. Default "none". */
  readonly admission?: "none" | "codel";
  /** Failures in a row after which a handler's events are not run for `breakMillis`; 0, the default, for never. */
  readonly breakAfter?: number;
  /** Default 1000. */
  readonly breakMillis?: number;
  /** Events accepted and not yet settled, at most. */
  readonly capacity?: number;
  /** Turns that a thread may have at once, all but one of them suspended. Default 1; for "event-loop" 10,000. */
  readonly concurrentEvents?: number;
  readonly retries?: number;
  /** Milliseconds that a turn may take; 0 for no deadline. */
  readonly handlerDeadline?: number;
  /**
   * Milliseconds that a handler has to settle after ctx.signal's abort, at its deadline or when its event is cancelled; then its thread is
   * ended, and another takes its place. Default 1000.
   */
  readonly handlerGrace?: number;
  /** Up to this number the pool grows while events wait, and `resize` may go. Default: `threads`. */
  readonly maxThreads?: number;
  /** Figures as OpenMetrics text at http://127.0.0.1:PORT/metrics; port 0 takes any that is free. */
  readonly metrics?: { readonly port: number };
  /** Threads that have loaded the handlers and wait to take a dead one's place. Default 0. */
  readonly spareThreads?: number;
  /**
   * Where threads run: "spread" gives each a processor, far from the others'; "compact" near to them; a list such as "0,2-3" gives
   * each all of the list; "none", the default, leaves it to the system. Linux with util-linux's taskset; elsewhere a warning says
   * that it has no effect.
   */
  readonly affinity?: string;
  /** What happens to the pool, entry by entry; none by default. */
  readonly log?: LogOptions;
  /** MiB of heap that each thread may have; 0, the default, for what Node allows. A thread that fills it is replaced. */
  readonly threadMemory?: number;
  /** File for events that ended their threads more often than `retries` allows; without it they only fail. */
  readonly deadLetters?: string;
  /** What is recorded; "off" by default. */
  readonly level?: "off" | "scheduling" | "locks" | "all";
  readonly sharedBytes?: number;
  /**
   * Bytes of all payloads and results in flight that are larger than 2 KiB each; default 1 GiB. With `whenFull: "wait"` events wait for
   * room here as they do for a place.
   */
  readonly payloadBytes?: number;
  readonly seed?: number;
  /** Script that each pool thread runs; the default is the one beside the pool's own file. */
  readonly threadScript?: URL;
  /** What happens outside becomes events of the same queue; each source has 256 unsettled events at most. */
  readonly sources?: readonly SourceOptions[];
}

export type LogLevel = "error" | "warn" | "info" | "debug";

export interface LogEntry {
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  readonly level: LogLevel;
  /** What kind of thing happened: "thread-lost", "configured" and so on. */
  readonly event: string;
  /** Number of the pool thread that it is about; undefined for the pool as a whole. */
  readonly thread: number | undefined;
  readonly text: string;
}

export interface LogOptions {
  /** Entries of this level, and of those that weigh more, are written. Default "info". */
  readonly level?: LogLevel;
  /** Called on the pool's main thread, which it must not block. One that throws is called no more. */
  write(entry: LogEntry): void;
}

/** What a source's events are: as in EventRequest. */
interface SourceEvent {
  readonly type?: string;
  readonly priority?: number;
  readonly key?: string | number;
}

/** A MessagePort, or a Worker whose posts are heard. */
export interface MessageSource {
  on(event: "message", listener: (message: unknown) => void): unknown;
  off(event: "message", listener: (message: unknown) => void): unknown;
}

export type SourceOptions =
  /** Skips a tick that finds the source's earlier ones unsettled. */
  | (SourceEvent & {
      readonly kind: "timer";
      readonly everyMillis: number;
      readonly payload?: unknown;
    })
  /** Payload: { change, name }. */
  | (SourceEvent & { readonly kind: "directory"; readonly path: string })
  /** Of standard input, or of a file. Payload: the text. */
  | (SourceEvent & { readonly kind: "lines"; readonly path?: string })
  /** Each read of a file that completes. Payload: the bytes, 64 KiB or `chunkBytes`. */
  | (SourceEvent & { readonly kind: "file"; readonly path: string; readonly chunkBytes?: number })
  /** Payload: the message. */
  | (SourceEvent & { readonly kind: "messages"; readonly port: MessageSource });
