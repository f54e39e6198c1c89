// Which follower is promoted: a protocol picks one of the idle seats. Tickets grow in the order in which threads became
// idle. A pick is a hint: the caller claims the seat's idle bit and picks again when another was quicker.

export interface IdleSeat {
  readonly seat: number;
  readonly ticket: number;
}

export interface PromotionProtocol {
  readonly name: string;
  /** True when `first` is to be promoted rather than `second`. */
  prefers(first: IdleSeat, second: IdleSeat): boolean;
}
