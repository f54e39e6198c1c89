// An event source turns what happens outside the pool into events, which meet the same leader as all others: one
// heterogeneous handle set. One kind a file beside this one; open-sources.ts is the table of them. Sources live on the main
// thread, which never blocks, and submit through its ring.

export interface EventSource {
  /** No further event comes of it. */
  close(): void;
}

/** What a source is given. */
export interface SourceSink {
  /** Whether as many of its events as it may have are unsettled. */
  readonly full: boolean;
  /** Resolves when it may have another: for sources that can wait. */
  room(): Promise<void>;
  submit(payload: unknown): void;
  /** Told to the person, with the source's name before it. */
  problem(sentence: string): void;
  /** The source has come to its end by itself. */
  ended(): void;
}
