// What the operating system knows of the threads: processor time, time ready without a processor, switches, and whether the
// process was throttled. Linux's /proc; elsewhere nothing is sampled, and the thread table says so.

import { readFileSync } from "node:fs";
import { codes } from "../recorder/codes.ts";
import type { TraceCollector } from "../recorder/trace-collector.ts";
import type { ThreadRow } from "../trace/tables.ts";

/** Since the sample before. */
interface OsSample {
  readonly cpuMicros: number;
  readonly runQueueMicros: number;
  readonly voluntary: number;
  readonly involuntary: number;
}

interface Totals {
  readonly cpuNanos: number;
  readonly runQueueNanos: number;
  readonly voluntary: number;
  readonly involuntary: number;
}

class OsSampler {
  readonly #before = new Map<number, Totals>();
  #throttledBefore = throttledPeriods();

  /** Undefined at a thread's first sample, for a thread that has ended, and where there is no /proc. */
  sample(osThreadId: number): OsSample | undefined {
    const before = this.#before.get(osThreadId);
    const now = totalsOf(osThreadId);
    if (now === undefined) return undefined;
    this.#before.set(osThreadId, now);
    if (before === undefined) return undefined;
    return {
      cpuMicros: Math.round((now.cpuNanos - before.cpuNanos) / 1000),
      runQueueMicros: Math.round((now.runQueueNanos - before.runQueueNanos) / 1000),
      voluntary: now.voluntary - before.voluntary,
      involuntary: now.involuntary - before.involuntary,
    };
  }

  /** Periods in which the control group was throttled since the last call. */
  throttled(): number {
    const now = throttledPeriods();
    const since = now - this.#throttledBefore;
    this.#throttledBefore = now;
    return Math.max(0, since);
  }
}

/** Samples each thread that it is told of, into the trace. */
export class ThreadSamples {
  readonly #sampler = new OsSampler();
  /** By thread index: the operating system's id of each thread that is there now. */
  readonly #ids = new Map<number, number>();

  /** What it has had so far is no part of its first sample. */
  add({ index, osThreadId }: Pick<ThreadRow, "index" | "osThreadId">): void {
    if (osThreadId === 0) return;
    this.#ids.set(index, osThreadId);
    this.#sampler.sample(osThreadId);
  }

  takeInto(collector: TraceCollector): void {
    const throttled = this.#sampler.throttled();
    for (const [thread, osThreadId] of this.#ids) {
      const sample = this.#sampler.sample(osThreadId);
      if (sample === undefined) continue;
      const { cpuMicros, runQueueMicros, voluntary, involuntary } = sample;
      const code = codes.osSampled;
      const figures = [cpuMicros, runQueueMicros, voluntary, involuntary] as const;
      collector.observed(thread, code, throttled, ...figures);
    }
  }
}

function totalsOf(osThreadId: number): Totals | undefined {
  const task = `/proc/self/task/${osThreadId}`;
  const schedule = readText(`${task}/schedstat`);
  const status = readText(`${task}/status`);
  if (schedule === undefined || status === undefined) return undefined;
  const [cpuNanos = 0, runQueueNanos = 0] = schedule.trim().split(" ").map(Number);
  return {
    cpuNanos,
    runQueueNanos,
    voluntary: numberAfter(status, "\nvoluntary_ctxt_switches:"),
    involuntary: numberAfter(status, "\nnonvoluntary_ctxt_switches:"),
  };
}

function throttledPeriods(): number {
  const text = readText("/sys/fs/cgroup/cpu.stat");
  return text === undefined ? 0 : numberAfter(`\n${text}`, "\nnr_throttled ");
}

function numberAfter(text: string, label: string): number {
  const at = text.indexOf(label);
  return at === -1 ? 0 : Number.parseInt(text.slice(at + label.length), 10);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The thread has ended, or this platform has no /proc: there is nothing to be told.
    return undefined;
  }
}
