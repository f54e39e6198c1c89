// The whole analysis: a trace in, a report out. Pure, and defined for every trace that decode can return, cut or damaged.

import type { Trace, TraceProblem } from "../trace/trace.ts";
import { hotspotsOf } from "./contention.ts";
import { failuresOf } from "./failures.ts";
import { findingsOf } from "./findings.ts";
import { eventLives, latencies } from "./latency.ts";
import { leadershipOf } from "./leadership.ts";
import type { Report } from "./report.ts";
import { threadTimes } from "./thread-time.ts";
import { lockUseOf } from "./waits.ts";
import { waitingAtEnd } from "./waiting.ts";

export function analyze(trace: Trace, problems: readonly TraceProblem[] = []): Report {
  const use = lockUseOf(trace);
  const lives = eventLives(trace);
  const threads = threadTimes(trace);
  const poolWall = threads.reduce((sum, thread) => sum + thread.wall, 0);
  const recording = recordingOf(trace, poolWall);
  const hotspots = hotspotsOf(trace, use, poolWall);
  const waiting = waitingAtEnd(trace, use);
  const { leadership, breaches } = leadershipOf(trace);
  const settled = Object.values(lives.outcomes).reduce((sum, count) => sum + count, 0);
  return {
    version: 1,
    findings: findingsOf(hotspots, waiting, threads.length, recording.shareOfWall),
    run: runOf(trace, threads.length),
    events: {
      submitted: lives.submitted,
      outcomes: lives.outcomes,
      throughput: trace.endNanos === 0 ? 0 : settled / (trace.endNanos / 1e9),
    },
    recording,
    latency: latencies(trace, lives, use.waits),
    threads,
    leadership,
    hotspots,
    breaches: trace.header.model === "leader-followers" ? breaches : [],
    waiting,
    failures: failuresOf(trace),
    problems: problems.map((problem) => problem.message),
  };
}

function runOf(trace: Trace, threads: number): Report["run"] {
  const { header, footer, endNanos } = trace;
  const { promotion, when } = header.configuration;
  return {
    module: header.module,
    model: header.model,
    threads,
    promotion: `${String(promotion)}, ${String(when)}`,
    nodeVersion: header.nodeVersion,
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
