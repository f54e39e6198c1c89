// A pool's figures as OpenMetrics text, which Prometheus and its like read.

import type { PoolStats } from "../pool-front.ts";

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

type Kind = "counter" | "gauge";

export const contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

export function openMetrics(stats: PoolStats): string {
  const { counts, threads, queue, utilisation, handOff, recovery, state } = stats;
  const ended = { failed: counts.failed, cancelled: counts.cancelled, shed: counts.shed };
  const completed = counts.settled - counts.failed - counts.cancelled - counts.shed;
  return [
    ...family("events_submitted", "counter", "Events accepted.", [{ value: counts.submitted }]),
    ...family("events", "counter", "Events by outcome.", by("outcome", { completed, ...ended })),
    ...family("queue_depth", "gauge", "Events that wait.", [{ value: queue.depth }]),
    ...family("queue_delay_seconds", "gauge", "Wait of the event that goes next.", [
      { value: queue.delayMillis / 1000 },
    ]),
    ...family("threads", "gauge", "Threads by what they are there for.", by("duty", threads)),
    ...family("utilisation", "gauge", "Shares of the threads' time.", by("part", utilisation)),
    ...family("hand_offs", "counter", "Threads woken to lead.", [{ value: handOff.count }]),
    ...family("hand_off_mean_seconds", "gauge", "From the wake until the thread leads.", [
      { value: handOff.meanMicros / 1e6 },
    ]),
    ...family("hand_off_seconds", "gauge", "The same, of half and of 99 % of them at most.", [
      { labels: { quantile: "0.5" }, value: handOff.p50Micros / 1e6 },
      { labels: { quantile: "0.99" }, value: handOff.p99Micros / 1e6 },
    ]),
    ...family("threads_lost", "counter", "Threads that died or were given up.", [
      { value: stats.lost },
    ]),
    ...family("recovery_seconds", "gauge", "From a thread's loss until another has joined.", [
      { labels: { quantile: "0.5" }, value: recovery.p50Millis / 1000 },
      { labels: { quantile: "0.99" }, value: recovery.p99Millis / 1000 },
    ]),
    ...family(
      "state",
      "gauge",
      "1 for the pool's present state.",
      by("state", {
        running: state.kind === "running" ? 1 : 0,
        degraded: state.kind === "degraded" ? 1 : 0,
        broken: state.kind === "broken" ? 1 : 0,
        closed: state.kind === "closed" ? 1 : 0,
      }),
    ),
    "# EOF\n",
  ].join("\n");
}

function by(label: string, values: object): Sample[] {
  return Object.entries(values).map(([name, value]) => ({
    labels: { [label]: name },
    value: Number(value),
  }));
}

function family(name: string, kind: Kind, help: string, samples: readonly Sample[]): string[] {
  const full = `poolscope_${name}`;
  return [
    `# TYPE ${full} ${kind}`,
    `# HELP ${full} ${help}`,
    ...samples.map(({ labels = {}, value }) => {
      const text = Object.entries(labels).map(([label, each]) => `${label}="${each}"`);
      const suffix = kind === "counter" ? "_total" : "";
      return `${full}${suffix}${text.length === 0 ? "" : `{${text.join(",")}}`} ${value}`;
    }),
  ];
}
