// What a rule is, what it is given and what it returns. Rules are pure functions of a trace's analysis; findings.ts runs them
// all and makes one finding of each root cause. docs/rules.md is written from what they say of themselves.

import type { EventKind } from "../../trace/event-kind.ts";
import type { Trace } from "../../trace/trace.ts";
import type { Activities } from "../activities.ts";
import type { Blame } from "../blame.ts";
import type { Run } from "../handles.ts";
import type { EventLives } from "../latency.ts";
import type { LeadershipSeen } from "../leadership.ts";
import type { Load } from "../load.ts";
import type { Records } from "../records.ts";
import type { Finding, HandlerLatency, Hotspot, Report, ThreadTime } from "../report.ts";
import type { Saving } from "../saving.ts";
import type { TurnWait } from "../turn-waits.ts";
import type { LockUse } from "../waits.ts";

export type Thresholds<Name extends string = string> = Readonly<Record<Name, number>>;

export interface Rule {
  readonly id: string;
  /** Of its page. */
  readonly title: string;
  /** The stretch of a run that it looks at. */
  readonly window: string;
  /** What must have been seen at least. */
  readonly leastObservations: string;
  /** From where on it matters. */
  readonly materiality: string;
  /** What looks like it and is not. */
  readonly notConfusedWith: string;
  readonly reads: readonly EventKind[];
  /** Defaults of what a person can set in poolscope.json under `rules`. */
  readonly thresholds: Thresholds;
  find(context: RuleContext): readonly Cause[];
}

export interface RuleContext {
  readonly trace: Trace;
  readonly use: LockUse;
  /** For locks, conditions and barriers. */
  readonly waits: readonly TurnWait[];
  readonly blames: ReadonlyMap<number, Blame>;
  readonly activities: Activities;
  readonly load: Load;
  readonly lives: EventLives;
  readonly latencies: readonly HandlerLatency[];
  readonly threads: readonly ThreadTime[];
  readonly seen: LeadershipSeen;
  readonly hotspots: readonly Hotspot[];
  readonly records: Records;
  readonly runs: readonly Run[];
  readonly waiting: Report["waiting"];
  readonly recording: Report["recording"];
  /** Summed wall time of the pool's threads. */
  readonly poolWall: number;
  /** Of the rule that is asked: its own, with what the person set. */
  readonly thresholds: Thresholds;
}

/** A root cause before it is a finding. */
export interface Cause {
  readonly mechanism?: string;
  readonly subject: string;
  readonly site: Finding["site"];
  readonly saving: Saving;
  readonly sentence: string;
  readonly advice: string;
  readonly remedies?: Finding["remedies"];
  readonly related?: Finding["related"];
  readonly threads?: Finding["threads"];
  readonly intervals?: Finding["intervals"];
  /** Names by which other causes may explain it: `lock:ledger`, `queue`, `capacity`. */
  readonly is: readonly string[];
  /** Names of its symptoms: a cause of that name is no finding of its own, but evidence of this one. */
  readonly explains: readonly string[];
}

export function threshold(context: RuleContext, name: string): number {
  const value = context.thresholds[name];
  if (value === undefined) throw new Error(`Poolscope defect: no threshold is named "${name}"`);
  return value;
}
