// When a follower is promoted. In every case leadership is given up before the handler runs; the question is only whether
// a follower is woken for it at once.

export interface PromotionMoment {
  readonly name: string;
  /** Asked by the leader that has just taken an event: wake a follower now? */
  wakeFollower(moreEventsWait: boolean): boolean;
}

/** The textbook: a new leader at every event. Costs a wake-up per event. */
export const eager: PromotionMoment = { name: "eager", wakeFollower: () => true };

/** Only when there is work for the new leader; else whoever submits next wakes one. */
export const onDemand: PromotionMoment = {
  name: "on-demand",
  wakeFollower: (moreEventsWait) => moreEventsWait,
};
