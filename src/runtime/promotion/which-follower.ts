// Which follower is promoted: a protocol picks one of the idle seats. Tickets grow in the order in which threads became
// idle. A pick is a hint: the caller claims the seat's idle bit and picks again when another was quicker.

export interface IdleSeat {
  readonly seat: number;
  readonly ticket: number;
  /** How many times any thread became idle since this one did. */
  readonly age: number;
  /** Turns that have begun there and not settled: more than none only where threads have several at once. */
  readonly live: number;
  /** Microseconds in handlers since the seat's first thread; 0 unless the protocol measures. Wraps. */
  readonly busy: number;
  /** Microseconds that an event takes there, over the last few; 0 unless the protocol measures. */
  readonly pace: number;
}

export interface PromotionProtocol {
  readonly name: string;
  /** Whether threads are to measure the time that their handlers take. */
  readonly measures: boolean;
  /** Whether a thread whose turns are nearly as many as it may have leaves leadership to one that is idle. */
  readonly declines: boolean;
  /** True when `first` is to be promoted rather than `second`. */
  prefers(first: IdleSeat, second: IdleSeat): boolean;
}
