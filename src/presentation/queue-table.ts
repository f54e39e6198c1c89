// The queue by priority, as the terminal, Markdown and the panel show it. Where events have one priority, the latency's table says it all.

import type { Report } from "../analysis/report.ts";
import { count, duration } from "./format.ts";

export const queueHead: readonly string[] = [
  ...["priority", "events", "most waiting", "on average", "wait p50", "p99", "max"],
];

export function queueRows({ queues }: Report): string[][] {
  if (queues.length < 2) return [];
  return queues.map(({ priority, events, deepest, mean, wait }) => [
    ...[String(priority), count(events), count(deepest), mean.toFixed(1)],
    ...[wait.p50, wait.p99, wait.max].map(duration),
  ]);
}
