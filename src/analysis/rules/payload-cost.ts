// Events whose payloads and results cost much of their time to encode and decode, and the type that would cross as it is.

import { count, duration, percent } from "../../base/figures.ts";
import type { Load } from "../load.ts";
import { boundedSaving, savingOf, type Saving } from "../saving.ts";
import { handlerName, isPoolThread } from "../sites.ts";
import { addTo, atPlace, handlerSite, longestFirst } from "./evidence.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const payloadCost: Rule = {
  id: "payload-cost",
  title: "Cost of payloads",
  window: "the whole run, by handler",
  leastObservations: "20 payloads (`leastPayloads`)",
  materiality:
    "10 % of the time that the threads have its events (`leastShare`), and 2 % of throughput or p99",
  notConfusedWith: "large payloads that are Uint8Array or Buffer: they cross as they are",
  reads: ["payloadEncoded", "payloadDecoded", "handlerStarted", "handlerEnded"],
  thresholds: { leastPayloads: 20, leastShare: 10 },
  find(context) {
    const costs = costsOf(context);
    return [...costs.values()].flatMap((cost) => {
      const { service, pool, payloads } = cost;
      if (payloads < threshold(context, "leastPayloads") || pool === 0) return [];
      if ((pool / (service + pool)) * 100 < threshold(context, "leastShare")) return [];
      return [costly(context, cost)];
    });
  },
};

/** Codecs of payloads that cross as they are, as the trace numbers them: Buffer and Uint8Array. */
const copied: ReadonlySet<number> = new Set([3, 4]);

interface PayloadCost {
  readonly handler: number;
  service: number;
  /** In the pool's threads: decoding payloads, encoding results. */
  pool: number;
  /** In the thread that submits, which does nothing else meanwhile. */
  submitter: number;
  bytes: number;
  payloads: number;
  readonly threads: Map<number, number>;
  readonly perTurn: Map<string, number>;
}

function costsOf({ trace, lives, records }: RuleContext): Map<number, PayloadCost> {
  const costs = new Map<number, PayloadCost>();
  for (const { started, ended, handler } of lives.lives.values()) {
    if (started === undefined || ended === undefined) continue;
    costOf(costs, handler).service += ended - started;
  }
  for (const { thread, small, a, b, c } of [...records.payloadDecoded, ...records.payloadEncoded]) {
    const life = lives.lives.get(a);
    if (life === undefined || copied.has(small)) continue;
    const cost = costOf(costs, life.handler);
    if (!isPoolThread(trace, thread)) {
      cost.submitter += c;
      continue;
    }
    cost.pool += c;
    cost.bytes += b;
    cost.payloads++;
    addTo(cost.threads, thread, c);
    if (life.turnKey !== undefined) addTo(cost.perTurn, life.turnKey, c);
  }
  return costs;
}

function costOf(costs: Map<number, PayloadCost>, handler: number): PayloadCost {
  const known = costs.get(handler);
  if (known !== undefined) return known;
  const cost: PayloadCost = {
    ...{ handler, service: 0, pool: 0, submitter: 0, bytes: 0, payloads: 0 },
    threads: new Map(),
    perTurn: new Map(),
  };
  costs.set(handler, cost);
  return cost;
}

function costly({ trace, load }: RuleContext, cost: PayloadCost): Cause {
  const name = handlerName(trace, cost.handler);
  const site = handlerSite(trace, cost.handler);
  const each = cost.pool / cost.payloads;
  return {
    subject: name,
    site,
    saving: savingOfPayloads(load, cost),
    sentence:
      `Payloads of "${name}" take ${percent(cost.pool / (cost.service + cost.pool))} of the time that threads have its events: ` +
      `${count(cost.bytes / cost.payloads)} bytes, ${duration(each)} each to encode or decode${atPlace(site)}.`,
    advice:
      "Send bytes (Uint8Array, Buffer), which are copied and not parsed, keep large data in ctx.shared, or send only what the handler reads.",
    threads: longestFirst(cost.threads).map(([thread]) => thread),
    is: [`payload:${name}`],
    explains: ["queue", "capacity", "collecting"],
  };
}

/** Of the pool where that is the limit, and of the thread that submits where that is. */
function savingOfPayloads(load: Load, { pool, submitter, perTurn }: PayloadCost): Saving {
  // Decoding goes before the handler's start: it is no part of the turn, but of the thread's time.
  const ofPool = savingOf(
    { ...load, busy: load.busy + pool },
    { turns: pool, processor: pool, ofTurn: (turn) => perTurn.get(turn) ?? 0 },
  );
  const speedUp = load.window / Math.max(0.01 * load.window, load.window - submitter);
  const ofSubmitter = boundedSaving(load, speedUp, load.processor - pool, submitter);
  return ofSubmitter.score > ofPool.score ? ofSubmitter : ofPool;
}
