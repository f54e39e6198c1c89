// From hotspots and waits to findings: one per root cause, with a sentence a person understands and the evidence for it.

import type { Finding, Hotspot, Site, WaitingThread } from "./report.ts";

/** Below this share of the pool's wall time, or with fewer waits, a lock is nobody's problem. */
const leastShare = 0.02;
const leastWaits = 20;

export function findingsOf(
  hotspots: readonly Hotspot[],
  waiting: readonly WaitingThread[],
  poolThreads: number,
  recordingShare: number,
): Finding[] {
  const found = [
    ...deadlocks(waiting),
    ...hotspots
      .filter((hotspot) => hotspot.share >= Math.max(leastShare, recordingShare))
      .filter((hotspot) => hotspot.waits >= leastWaits)
      .map((hotspot) => contention(hotspot, poolThreads)),
  ];
  return found.sort((first, second) => second.score - first.score);
}

function contention(hotspot: Hotspot, poolThreads: number): Finding {
  const site = hotspot.culprits[0]?.site;
  const share = Math.round(hotspot.share * 100);
  const held =
    site === undefined ? "" : `: ${functionOf(site)} holds it, ${site.file}:${site.line}`;
  const victims = hotspot.victims.flatMap(({ site: victim, waits }) =>
    victim === undefined ? [] : [{ sentence: `waits here ${waits} times`, site: victim }],
  );
  return {
    rule: "lock-contention",
    identity: `lock-contention|${hotspot.lock}|${site?.file ?? ""}|${site?.function ?? ""}`,
    score: hotspot.share * 100,
    sentence:
      `Lock "${hotspot.lock}" keeps up to ${hotspot.mostWaiting} of ${poolThreads} threads waiting, ` +
      `${share} % of all thread time${held}.`,
    site,
    related: victims,
    threads: hotspot.threads,
    intervals: [{ start: hotspot.worstInterval.start, end: hotspot.worstInterval.end }],
  };
}

function functionOf(site: Site): string {
  return site.function === "" ? "module code" : site.function;
}

/** A cycle among the waits that never ended. */
function deadlocks(waiting: readonly WaitingThread[]): Finding[] {
  const byThread = new Map(waiting.map((wait) => [wait.thread, wait]));
  const seen = new Set<number>();
  const found: Finding[] = [];
  for (const start of waiting) {
    const path: WaitingThread[] = [];
    let next: WaitingThread | undefined = start;
    while (next !== undefined && !path.includes(next) && !seen.has(next.thread)) {
      path.push(next);
      next = next.owner === undefined ? undefined : byThread.get(next.owner);
    }
    for (const { thread } of path) seen.add(thread);
    const from = next === undefined ? -1 : path.indexOf(next);
    if (from !== -1) found.push(deadlock(path.slice(from)));
  }
  return found;
}

function deadlock(cycle: readonly WaitingThread[]): Finding {
  const parts = cycle.map(
    ({ thread, lock, owner }) =>
      `thread ${thread} waits for "${lock}", held by thread ${owner ?? "?"}`,
  );
  return {
    rule: "deadlock",
    identity: `deadlock|${cycle
      .map(({ lock }) => lock)
      .sort()
      .join(",")}||`,
    score: 100,
    sentence: `Deadlock: ${parts.join("; ")}.`,
    site: cycle[0]?.site,
    related: cycle.flatMap(({ site, lock }) =>
      site === undefined ? [] : [{ sentence: `wants "${lock}"`, site }],
    ),
    threads: cycle.map(({ thread }) => thread),
    intervals: cycle.map(({ since }) => ({ start: since, end: since })),
  };
}
