// How much removing a cause would save: the score of a finding. In a saturated pool it is an asymptotic bound of operational
// analysis (Denning and Buzen 1978; Lazowska et al. 1984, chapter 5): throughput is limited by the threads' time an event takes
// and by the processors' time it takes, whichever is scarcer, and taking waits away helps only until the other one binds.
// Otherwise each slow event is told again without the time that the cause took from it. A bound is no promise: the interval
// says what the answer depends on.

import { isHandled, percentile99, submittingTime, type Handled, type Load } from "./load.ts";
import type { Finding } from "./report.ts";

export interface Saving {
  readonly metric: Finding["metric"];
  /** Percent, 0 to 100. */
  readonly score: number;
  readonly low: number;
  readonly high: number;
  /** What makes a run wrong matters however fast the run was. */
  readonly isHazard?: boolean;
}

/** What would be gone with a cause, in nanoseconds. */
export interface Removal {
  /** Of turns' time, summed. */
  readonly turns: number;
  /** Of processor time, summed. */
  readonly processor?: number;
  /** Of one turn, by its key `thread turn`. */
  readonly ofTurn: (turnKey: string) => number;
}

export function savingOf(load: Load, removal: Removal): Saving {
  return load.saturated ? throughputSaving(load, removal) : latencySaving(load, removal);
}

/** Of the p99 of some events, when each of them had lasted less by what the cause took from it. */
export function savingOfTail(
  events: readonly Handled[],
  removed: (life: Handled) => number,
): Saving & { readonly before: number } {
  const before = percentile99(events.map(({ submitted, ended }) => ended - submitted));
  const after = percentile99(events.map((life) => life.ended - life.submitted - removed(life)));
  const score = before === 0 ? 0 : Math.max(0, 100 * (1 - after / before));
  return { metric: "p99", score, low: score / 2, high: Math.min(100, score * 1.2), before };
}

/** Of threads' time that was idle though work waited for it. */
export function savingOfIdle(load: Load, idle: number, ofTurn: Removal["ofTurn"]): Saving {
  if (!load.saturated) return savingOf(load, { turns: 0, ofTurn });
  const { busy } = load;
  const speedUp = (busy + idle) / Math.max(1, busy);
  return boundedSaving(load, speedUp, load.processor);
}

/**
 * Of what makes the whole run wrong rather than slow: it has no share that could be measured. By convention it stands above what
 * costs little and below what costs much.
 */
export function savingOfHazard(load: Load, lost = 0): Saving {
  const metric = load.saturated ? "throughput" : "p99";
  const score = Math.max(hazard, lost * 100);
  return { metric, score, low: Math.min(lost * 100, score), high: 100, isHazard: true };
}

const hazard = 10;

/** How much of the processors the pool and those that submit can have beside the collector and the rest of the machine. */
const processorsFor = { low: 0.75, likely: 0.9, high: 1 } as const;

function throughputSaving(load: Load, removal: Removal): Saving {
  const { busy, processor } = load;
  const speedUp = busy / Math.max(busy * 0.001, busy - removal.turns);
  return boundedSaving(load, speedUp, processor - (removal.processor ?? 0));
}

/**
 * `speedUp` as far as the processors allow it, when what is left needs `processor` nanoseconds of them in the pool's threads, and
 * those that submit as much as now but for `ofSubmitters`. Where threads had to wait for processors the pool would get no more of
 * what is left than it got of what it asked for.
 */
export function boundedSaving(
  load: Load,
  speedUp: number,
  processor: number,
  ofSubmitters = 0,
): Saving {
  const { cores, window, ready } = load;
  const submitting = submittingTime(load);
  const used = load.processor + submitting;
  const granted = load.processor / Math.max(1, load.processor + ready);
  const needed = Math.max(1, processor + submitting - ofSubmitters);
  const bound = (share: number): number => {
    const available = used + granted * Math.max(0, share * cores * window - used);
    return 100 * (1 - 1 / Math.max(1, Math.min(speedUp, available / needed)));
  };
  const { low, likely, high } = processorsFor;
  return {
    metric: "throughput",
    score: bound(likely),
    low: bound(low) * 0.8,
    high: bound(high),
  };
}

/**
 * The time that an event waited in the queue shrinks with the turns before it: by none of their share at least, by twice it at
 * most (queues shrink faster than their load).
 */
function latencySaving(load: Load, removal: Removal): Saving {
  const events = load.slowest.filter(isHandled);
  const before = percentile99(events.map(({ submitted, ended }) => ended - submitted));
  const share = load.busy === 0 ? 0 : removal.turns / load.busy;
  const saved = (ofQueue: number): number => {
    if (before === 0) return 0;
    const after = events.map(({ submitted, selected, started, ended, turnKey }) => {
      const queued = Math.max(0, (selected ?? started) - submitted);
      const direct = turnKey === undefined ? 0 : removal.ofTurn(turnKey);
      return ended - submitted - direct - queued * Math.min(1, ofQueue * share);
    });
    return Math.max(0, 100 * (1 - percentile99(after) / before));
  };
  return { metric: "p99", score: saved(1), low: saved(0), high: saved(2) };
}
