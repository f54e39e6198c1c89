// When a follower is promoted, and how. In every case but the last leadership is given up before the handler runs; the question is
// only whether a follower is woken for it at once, and whether it is the one that leads.

export interface PromotionMoment {
  readonly name: string;
  /** Leadership passes to the woken follower itself; else it is free for whoever comes first. */
  readonly handsOver: boolean;
  /** The handler runs before the promotion. */
  readonly late: boolean;
  /** Asked by the leader that gives leadership up: wake a follower now? */
  wakeFollower(moreEventsWait: boolean): boolean;
}

export const moments = ["eager", "barge", "on-demand", "late"] as const;
export type MomentName = (typeof moments)[number];

export const momentNamed: Readonly<Record<MomentName, PromotionMoment>> = {
  /** The textbook: a new leader at every event. Costs a wake-up per event. */
  eager: { name: "eager", handsOver: true, late: false, wakeFollower: () => true },

  /** A follower is woken at every event, and leads unless a thread that runs already comes first. */
  barge: { name: "barge", handsOver: false, late: false, wakeFollower: () => true },

  /** Only when there is work for another thread; else whoever submits next wakes one. */
  "on-demand": {
    name: "on-demand",
    handsOver: false,
    late: false,
    wakeFollower: (moreEventsWait) => moreEventsWait,
  },

  /**
   * The mistake most often made with the pattern, to be seen and measured: while the handler runs nobody leads on, so that events
   * wait beside idle threads, and a handler that waits for an event of its own waits for ever.
   */
  late: { name: "late", handsOver: true, late: true, wakeFollower: () => true },
};
