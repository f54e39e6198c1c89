// How busy the threads are that give the pool its events: main, where sources come in, and the one that runs the workload. By
// the OS's samples alone: they record no roles.

import type { Trace } from "../trace/trace.ts";
import type { Records } from "./records.ts";
import type { Site } from "./report.ts";
import { siteOf } from "./sites.ts";

export interface SubmittingThread {
  readonly name: string;
  /** Share of the time in which it computed. */
  readonly computes: number;
  /** Share of the time in which it was ready to, without a processor. */
  readonly ready: number;
  /** Of the module's workload where that is what it runs. */
  readonly site: Site | undefined;
}

/** Those of them that were sampled often enough between two moments. */
export function submittingThreads(
  trace: Trace,
  { osSampled }: Records,
  start: number,
  end: number,
): SubmittingThread[] {
  return trace.tables.threads
    .filter(({ kind }) => kind === "main" || kind === "workload")
    .flatMap(({ index, name, kind }) => {
      const samples = osSampled.filter(
        ({ thread, time }) => thread === index && time >= start && time <= end,
      );
      // The first one tells what was before it: it only says from when on the others do.
      const [first, ...rest] = samples;
      const last = rest.at(-1);
      if (first === undefined || last === undefined || rest.length < leastSamples) return [];
      const shareOf = (field: "a" | "b"): number =>
        rest.reduce((sum, sample) => sum + sample[field] * 1000, 0) / (last.time - first.time);
      const site = kind === "workload" ? workloadSite(trace) : undefined;
      return [{ name, computes: Math.min(1, shareOf("a")), ready: shareOf("b"), site }];
    });
}

/** The one that computes, or is ready to, most of the time. */
export function busiestOf(threads: readonly SubmittingThread[]): SubmittingThread | undefined {
  return threads.toSorted(
    (one, other) => other.computes + other.ready - one.computes - one.ready,
  )[0];
}

const leastSamples = 3;

/** Where the module's `workload` begins: of the sites within it the first. */
function workloadSite(trace: Trace): Site | undefined {
  const { module, configuration } = trace.header;
  const { workload } = configuration;
  if (typeof workload !== "object" || workload === null) return undefined;
  if (!("kind" in workload) || workload.kind !== "module") return undefined;
  return trace.tables.sites
    .flatMap((_, index) => siteOf(trace, index) ?? [])
    .filter(({ file, function: within }) => file === module && within === "workload")
    .sort((one, other) => one.line - other.line)[0];
}
