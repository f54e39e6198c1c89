// The whole analysis: a trace in, a report out. Pure, and defined for every trace that decode can return, cut or damaged.

import type { Trace, TraceProblem } from "../trace/trace.ts";
import { activitiesOf } from "./activities.ts";
import { blameOf } from "./blame.ts";
import { hotspotsOf } from "./contention.ts";
import { distributionOf } from "./distribution.ts";
import { failuresOf } from "./failures.ts";
import { findingsOf } from "./findings.ts";
import { handleBreaches, runsOf } from "./handles.ts";
import { outcomeBreaches } from "./outcomes-once.ts";
import { eventLives, latencies } from "./latency.ts";
import { leadershipOf } from "./leadership.ts";
import { loadOf } from "./load.ts";
import { priorityQueues } from "./priority-queues.ts";
import { recordsOf } from "./records.ts";
import type { Report } from "./report.ts";
import { rules } from "./rules/rules.ts";
import { threadTimes } from "./thread-time.ts";
import { thresholdsOf } from "./thresholds.ts";
import { turnWaits } from "./turn-waits.ts";
import { unseenSentences } from "./unseen.ts";
import { lockUseOf } from "./waits.ts";
import { waitingAtEnd } from "./waiting.ts";

export function analyze(trace: Trace, problems: readonly TraceProblem[] = []): Report {
  const use = lockUseOf(trace);
  const waits = turnWaits(trace);
  const lives = eventLives(trace);
  const threads = threadTimes(trace);
  const poolWall = threads.reduce((sum, thread) => sum + thread.wall, 0);
  const recording = recordingOf(trace, poolWall);
  const hotspots = hotspotsOf(trace, use, poolWall);
  const waiting = waitingAtEnd(trace, use);
  const seen = leadershipOf(trace);
  const runs = runsOf(trace);
  const records = recordsOf(trace);
  const activities = activitiesOf(trace);
  const latency = latencies(trace, lives, waits);
  const thresholds = thresholdsOf(rules, trace.header.configuration["rules"]);
  const settled = Object.values(lives.outcomes).reduce((sum, count) => sum + count, 0);
  const found = findingsOf(
    {
      ...{ trace, use, waits, lives, threads, seen },
      ...{ latencies: latency, hotspots, waiting, recording, poolWall, activities },
      blames: blameOf(trace, use, activities),
      ...{ runs, records },
      load: loadOf(trace, lives, threads, records),
    },
    thresholds.of,
  );
  return {
    version: 1,
    findings: found.findings,
    run: runOf(trace, threads.length),
    events: {
      submitted: lives.submitted,
      outcomes: lives.outcomes,
      throughput: trace.endNanos === 0 ? 0 : settled / (trace.endNanos / 1e9),
    },
    recording,
    latency,
    queues: priorityQueues(lives, trace.endNanos),
    threads,
    leadership: trace.header.model === "leader-followers" ? seen.leadership : noLeadership,
    hotspots,
    breaches: [
      ...(trace.header.model === "leader-followers" ? seen.breaches : []),
      ...handleBreaches(runs),
      ...outcomeBreaches(trace, lives),
    ],
    waiting,
    failures: failuresOf(trace),
    problems: [
      ...problems.map((problem) => problem.message),
      ...thresholds.problems,
      ...unseenSentences(trace.tables.unseen),
      ...found.problems,
    ],
  };
}

/** Other models have no leadership that passes on. */
const noLeadership: Report["leadership"] = {
  handOff: distributionOf([]),
  gaps: distributionOf([]),
  promotions: 0,
};

function runOf(trace: Trace, threads: number): Report["run"] {
  const { header, footer, endNanos } = trace;
  const { threads: configured } = header.configuration;
  return {
    module: header.module,
    model: header.model,
    // Not those that replaced a dead one.
    // An event loop is one thread, whatever the configuration says.
    threads: typeof configured === "number" && header.model !== "event-loop" ? configured : threads,
    promotion: promotionWords(header.configuration),
    nodeVersion: header.nodeVersion,
    nodePath: header.nodePath,
    startedAt: header.startedAt,
    wall: endNanos,
    ended: footer?.reason ?? "cut",
    message: footer?.message ?? "The run was cut before its end.",
  };
}

function recordingOf(trace: Trace, poolWall: number): Report["recording"] {
  const events = trace.threads.reduce((sum, thread) => sum + thread.events.length, 0);
  const dropped = trace.threads.reduce((sum, thread) => sum + thread.dropped, 0);
  const { nanosPerEvent } = trace.header;
  const shareOfWall = poolWall === 0 ? 0 : (events * nanosPerEvent) / poolWall;
  return { events, dropped, nanosPerEvent, shareOfWall };
}

/** A run that makes the mistake on purpose says so; what is as always is left out. */
function promotionWords({
  promotion,
  when,
  association,
  exclusiveKeys,
  handleSets,
}: Trace["header"]["configuration"]): string {
  return [
    String(promotion),
    when === "late" ? "late (the mistake: after the handler)" : String(when),
    ...(association === "bound" ? ["events bound to threads"] : []),
    ...(association === "hybrid" ? ["keys bound to threads"] : []),
    ...(exclusiveKeys === true ? ["a key's events one at a time"] : []),
    ...(typeof handleSets === "number" && handleSets > 1 ? [`${handleSets} handle sets`] : []),
  ].join(", ");
}
