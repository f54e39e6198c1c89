// The known pitfalls of load balancing, found in a group's own figures. Pure: figures in, findings out. Each rule says nothing
// below its least number of events.

import type { GroupFigures, GroupFinding, PoolFigures } from "./group-front.ts";

type Rule = (figures: GroupFigures, up: readonly PoolFigures[]) => readonly GroupFinding[];

const leastEvents = 200;
const leastEventsOfPool = 50;

export function groupFindings(figures: GroupFigures): readonly GroupFinding[] {
  const up = figures.pools.filter(({ state }) => state === "up");
  return rules.flatMap((rule) => rule(figures, up));
}

const goesByWeight = new Set(["weighted-round-robin", "consistent-hash", "round-robin"]);
/** A pool this many times as slow as the fastest has too much weight. */
const slowerTimes = 2;

const misconfiguredWeights: Rule = ({ strategy }, up) => {
  if (!goesByWeight.has(strategy)) return [];
  const measured = up.filter(({ completed }) => completed >= leastEventsOfPool);
  const fastest = least(measured, ({ meanLatencyMillis }) => meanLatencyMillis);
  const slowest = least(measured, ({ meanLatencyMillis }) => -meanLatencyMillis);
  if (fastest === undefined || slowest === undefined) return [];
  const times = slowest.meanLatencyMillis / fastest.meanLatencyMillis;
  if (!(times >= slowerTimes)) return [];
  const fitting = slowest.weight / times;
  return [
    {
      rule: "misconfigured-weights",
      subject: slowest.name,
      sentence:
        `Pool "${slowest.name}" (weight ${slowest.weight}) takes ${millis(slowest.meanLatencyMillis)} for an event, ` +
        `"${fastest.name}" (weight ${fastest.weight}) ${millis(fastest.meanLatencyMillis)}: its weight is too large for what it can do.`,
      advice:
        `Give "${slowest.name}" a weight of about ${fitting.toPrecision(2)}` +
        (strategy === "round-robin" ? ' under "weighted-round-robin"' : "") +
        ', or take "least-connections", which needs none.',
      evidence: {
        slowMillis: slowest.meanLatencyMillis,
        fastMillis: fastest.meanLatencyMillis,
        weight: slowest.weight,
        fittingWeight: fitting,
      },
    },
  ];
};

const nearlyAll = 0.8;

const onePoolTakesAll: Rule = ({ strategy }, up) => {
  const events = sum(up, (pool) => pool.events);
  const weights = sum(up, (pool) => pool.weight);
  if (up.length < 2 || events < leastEvents) return [];
  const most = least(up, (pool) => -pool.events);
  if (most === undefined) return [];
  const share = most.events / events;
  const meant = most.weight / weights;
  if (share < nearlyAll || share < 1.5 * meant) return [];
  const hashes = strategy === "consistent-hash";
  return [
    {
      rule: "one-pool-takes-all",
      subject: most.name,
      sentence:
        `Pool "${most.name}" took ${percent(share)} of ${events} events, ` +
        `though ${up.length} pools are up and its weight means ${percent(meant)}.`,
      advice: hashes
        ? "A few keys make most of the traffic: hash by something finer, or give events of such keys no key."
        : `Look at what strategy "${strategy}" goes by: it always comes to the same answer.`,
      evidence: { share, meant, events, pools: up.length },
    },
  ];
};

const unlike = 0.2;
const unknownShare = 0.05;

const trafficUnlikeConfiguration: Rule = (figures, up) => {
  const { strategy, submitted, unknownRegion } = figures;
  if (submitted < leastEvents) return [];
  const unknown = unknownRegion / submitted;
  if (strategy === "geographic" && unknown >= unknownShare) {
    return [
      {
        rule: "traffic-unlike-configuration",
        subject: "",
        sentence: `${percent(unknown)} of ${submitted} events come from regions that the table does not have.`,
        advice: "Add these regions to `regions`; until then their events go anywhere.",
        evidence: { unknown, submitted },
      },
    ];
  }
  if (strategy !== "consistent-hash") return [];
  const events = sum(up, (pool) => pool.events);
  const weights = sum(up, (pool) => pool.weight);
  if (events < leastEvents) return [];
  const excess = (pool: PoolFigures): number => pool.events / events - pool.weight / weights;
  const most = least(up, (pool) => -excess(pool));
  if (most === undefined || excess(most) < unlike) return [];
  const [share, meant] = [most.events / events, most.weight / weights];
  return [
    {
      rule: "traffic-unlike-configuration",
      subject: most.name,
      sentence:
        `Pool "${most.name}" is meant to get ${percent(meant)} by its weight and got ${percent(share)} of ${events} events: ` +
        "the keys are not as evenly spread as the weights assume.",
      advice: "Hash by a finer key, or balance by load where one key need not stay with one pool.",
      evidence: { share, meant, events },
    },
  ];
};

const fullShare = 0.01;
/** Of the events that came, still in flight: more come than go. */
const leftShare = 0.2;

const capacityUnderestimated: Rule = ({ submitted, full, seconds, limited }, up) => {
  const accepted = submitted - limited;
  if (accepted < leastEvents) return [];
  const refused = full / accepted;
  if (refused >= fullShare) {
    return [
      {
        rule: "capacity-underestimated",
        subject: "",
        sentence: `${full} of ${accepted} events (${percent(refused)}) were refused because every pool was at its limit.`,
        advice: "Add a pool or threads, raise `limit`, or let fewer events in (`rateLimit`).",
        evidence: { full, accepted },
      },
    ];
  }
  const inFlight = sum(up, (pool) => pool.inFlight);
  const settled = sum(up, (pool) => pool.completed + pool.failed);
  if (inFlight < leftShare * accepted || seconds < 1) return [];
  return [
    {
      rule: "capacity-underestimated",
      subject: "",
      sentence:
        `In ${seconds.toFixed(0)} s ${perSecond(accepted, seconds)} came and ${perSecond(settled, seconds)} settled: ` +
        `${inFlight} wait in the pools, and their number grows.`,
      advice: "Add a pool or threads, or let fewer events in (`rateLimit`, `limit`).",
      evidence: { accepted, settled, inFlight, seconds },
    },
  ];
};

const noFallOverLeft: Rule = ({ pools }, up) => {
  if (up.length > 1) return [];
  const [last] = up;
  const down = pools.filter(({ state }) => state !== "up");
  const others = down.map(({ name, state, reason }) => {
    return `"${name}" is ${state}${reason === "" ? "" : ` (${reason})`}`;
  });
  const rest = others.length === 0 ? "it is the only one in the group" : others.join(", ");
  return [
    {
      rule: "no-fall-over-left",
      subject: last?.name ?? "",
      sentence:
        last === undefined
          ? `No pool is up: ${rest}.`
          : `Only pool "${last.name}" is up: ${rest}. When it goes, nothing is left.`,
      advice: "Bring another pool up, or add one.",
      evidence: { up: up.length, pools: pools.length },
    },
  ];
};

const floodShare = 0.5;
const floodTimes = 3;

const clientFlooding: Rule = ({ clients, submitted, seconds }) => {
  const [first, second] = clients;
  if (first === undefined || second === undefined || clients.length < 3) return [];
  const share = first.events / submitted;
  if (submitted < leastEvents || share < floodShare || first.events < floodTimes * second.events) {
    return [];
  }
  const allowed = Math.max(1, Math.ceil((2 * second.events) / Math.max(1, seconds)));
  const held = first.limited > 0 ? `; its rate limit refused ${first.limited} of them` : "";
  return [
    {
      rule: "client-flooding",
      subject: first.client,
      sentence:
        `Client "${first.client}" sent ${percent(share)} of ${submitted} events, ` +
        `${(first.events / second.events).toFixed(1)} times as many as the next, "${second.client}"${held}.`,
      advice:
        first.limited > 0
          ? "The limit works; lower it if the others still suffer."
          : `Limit each client: rateLimit: { perSecond: ${allowed} } is twice what the next one sends.`,
      evidence: { share, events: first.events, next: second.events, limited: first.limited },
    },
  ];
};

const strategyFailing: Rule = ({ strategy, strategyFailures, strategyFailure, submitted }) => {
  if (strategyFailures === 0) return [];
  return [
    {
      rule: "strategy-failing",
      subject: strategy,
      sentence: `Strategy "${strategy}" failed ${strategyFailures} of ${submitted} events; last it ${strategyFailure}.`,
      advice: "Return one of the pools that choose is given, for every event.",
      evidence: { strategyFailures, submitted },
    },
  ];
};

const rules: readonly Rule[] = [
  strategyFailing,
  noFallOverLeft,
  capacityUnderestimated,
  clientFlooding,
  onePoolTakesAll,
  trafficUnlikeConfiguration,
  misconfiguredWeights,
];

function sum(pools: readonly PoolFigures[], of: (pool: PoolFigures) => number): number {
  return pools.reduce((total, pool) => total + of(pool), 0);
}

function least(
  pools: readonly PoolFigures[],
  of: (pool: PoolFigures) => number,
): PoolFigures | undefined {
  return pools.reduce<PoolFigures | undefined>(
    (best, pool) => (best === undefined || of(pool) < of(best) ? pool : best),
    undefined,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function millis(value: number): string {
  return `${value.toPrecision(2)} ms`;
}

function perSecond(events: number, seconds: number): string {
  return `${Math.round(events / seconds)} events/s`;
}
