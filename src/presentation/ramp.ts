// What a ramp of rates tells: where the latency bends, and what limits the pool there.

import { largestOf } from "../base/extremes.ts";
import type { Report, ThreadTime } from "../analysis/report.ts";
import { count, duration, percent } from "./format.ts";

export interface RampStep {
  /** Events per second of the time in which they were submitted: intended, and settled. */
  readonly offered: number;
  readonly achieved: number;
  /** Of the slowest type of event, nanoseconds from its intended start until it settled. */
  readonly p50: number;
  readonly p99: number;
  readonly limit: string;
}

/** A p99 so many times that of the lowest rate is past the knee, if it is worth a word at all. */
const bendFactor = 5;
const leastBendNanos = 5e6;
/** A workload that has no more events, or a thread that can't submit faster: the pool is not what is measured. */
const leastSubmitted = 0.5;

/** `seconds` is how long events were submitted. */
export function rampStep(report: Report, offered: number, seconds: number): RampStep {
  const worst = (pick: (latency: Report["latency"][number]) => number): number =>
    largestOf(report.latency.map(pick), 0);
  const settled = Object.values(report.events.outcomes).reduce((sum, each) => sum + each, 0);
  const achieved = settled / seconds;
  return {
    offered,
    achieved,
    p50: worst(({ total }) => total.p50),
    p99: worst(({ total }) => total.p99),
    limit: achieved < leastSubmitted * offered ? noMore(achieved) : limitOf(report),
  };
}

/** `base` is the step at the lowest rate. */
export function isPastKnee(step: RampStep, base: RampStep): boolean {
  if (step.achieved < leastSubmitted * step.offered) return true;
  return step.p99 > Math.max(leastBendNanos, bendFactor * base.p99);
}

export function rampText(steps: readonly RampStep[]): string {
  const [base] = steps;
  if (base === undefined) return "Nothing was measured.\n";
  const sorted = [...steps].sort((first, second) => first.offered - second.offered);
  const rows = sorted.map((step) => {
    const past = isPastKnee(step, base) ? "  past the knee" : "";
    const rates = `${count(step.offered).padStart(10)}/s ${count(step.achieved).padStart(10)}/s`;
    const times = `${duration(step.p50).padStart(10)} ${duration(step.p99).padStart(10)}`;
    return `${rates} ${times}${past}`;
  });
  const below = sorted.filter((step) => !isPastKnee(step, base)).at(-1);
  const beyond = sorted.find((step) => isPastKnee(step, base));
  return `   offered      settled        p50        p99\n${rows.join("\n")}\n\n${verdict(below, beyond)}\n`;
}

function verdict(below: RampStep | undefined, beyond: RampStep | undefined): string {
  if (beyond === undefined) {
    return `No knee up to ${count(below?.offered ?? 0)} events/s.`;
  }
  if (below === undefined)
    return `Even ${count(beyond.offered)} events/s is too much. ${beyond.limit}`;
  return (
    `Knee: latency bends between ${count(below.offered)} and ${count(beyond.offered)} events/s ` +
    `(p99 ${duration(below.p99)}, then ${duration(beyond.p99)}).\nLimit: ${beyond.limit}`
  );
}

function noMore(achieved: number): string {
  return `the workload gave only ${count(achieved)} events/s: it has no more, or can't go faster.`;
}

function limitOf(report: Report): string {
  const [worst] = report.findings;
  if (worst !== undefined) return worst.sentence;
  const wall = report.threads.reduce((sum, thread) => sum + thread.wall, 0);
  const share = (pick: (thread: ThreadTime) => number): number =>
    wall === 0 ? 0 : report.threads.reduce((sum, thread) => sum + pick(thread), 0) / wall;
  const parts = [
    ["in handlers, at work", share(({ handler }) => handler)],
    ["waiting for locks", share(({ lockWait }) => lockWait)],
    ["in blocking calls", share(({ blockingCall }) => blockingCall)],
    ["ready, but without a processor", share(({ runQueue }) => runQueue)],
    ["in the pool's own code", share(({ runtime }) => runtime)],
    ["without an event: the workload submitted no faster", share(idle)],
  ] as const;
  const [text, most] = parts.reduce((first, second) => (second[1] > first[1] ? second : first));
  return `its threads were ${text} for ${percent(most)} of their time.`;
}

function idle({ leading, following }: ThreadTime): number {
  return leading + following;
}
