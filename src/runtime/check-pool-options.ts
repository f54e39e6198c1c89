// Fills in a pool's defaults and refuses what is out of range, naming the key, the value and what is allowed.

import { associations } from "./models/association.ts";
import { modelNamed, modelNames, type ModelName } from "./models/model-named.ts";
import { bindsEvents, checkTogether } from "./check-together.ts";
import { threadsForMachine } from "./processors.ts";
import { checkAffinity, type Affinity } from "./supervisor/affinity.ts";
import { nearest } from "../base/nearest.ts";
import { checkLog } from "./health/log.ts";
import type { LogOptions, PoolOptions, SourceOptions } from "./pool-options.ts";
import { checkSources } from "./sources/check-sources.ts";
import { promotions } from "./promotion/protocols.ts";
import { moments } from "./promotion/when.ts";
import { whenFull, type ThreadOptions } from "./thread/thread-messages.ts";
import { levels } from "../recorder/recorder.ts";

export interface CheckedPoolOptions extends ThreadOptions {
  readonly threads: number;
  readonly handleSets: number;
  readonly exclusiveKeys: boolean;
  readonly capacity: number;
  readonly retries: number;
  readonly handlerDeadline: number;
  readonly handlerGrace: number;
  readonly spareThreads: number;
  readonly metricsPort: number | undefined;
  readonly maxThreads: number;
  readonly deadLetters: string | undefined;
  readonly affinity: Affinity;
  readonly log: LogOptions | undefined;
  readonly threadMemory: number;
  readonly sharedBytes: number;
  readonly payloadBytes: number;
  readonly threadScript: URL;
  readonly sources: readonly SourceOptions[];
}

const mebibyte = 1024 * 1024;

const defaults = {
  model: "leader-followers",
  association: "unbound",
  exclusiveKeys: false,
  handleSets: 1,
  threads: 4,
  capacity: 4096,
  concurrentEvents: undefined,
  retries: 0,
  handlerDeadline: 30_000,
  handlerGrace: 1000,
  spareThreads: 0,
  metrics: undefined,
  maxThreads: undefined,
  deadLetters: undefined,
  affinity: "none",
  log: undefined,
  threadMemory: 0,
  sharedBytes: 64 * mebibyte,
  payloadBytes: 1024 * mebibyte,
  seed: 1,
  promotion: "lifo",
  when: "on-demand",
  queue: "fifo",
  whenFull: "wait",
  admission: "none",
  breakAfter: 0,
  breakMillis: 1000,
  level: "off",
  threadScript: undefined,
  sources: [],
} as const satisfies Record<keyof PoolOptions, unknown>;

export const optionNames: readonly string[] = Object.keys(defaults);

/** Throws a RangeError with one sentence. */
export function checkPoolOptions(options: PoolOptions): CheckedPoolOptions {
  checkKeys(options);
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  const given = { ...defaults, ...(Object.fromEntries(set) as PoolOptions) };
  const model = oneOf("model", given.model, modelNames);
  const association = oneOf("association", given.association, associations);
  const asked = given.threads === "auto" ? threadsForMachine() : given.threads;
  const threads = threadsOf({ model, association }, asked);
  const checked = {
    model,
    association,
    exclusiveKeys: yesOrNo("exclusiveKeys", given.exclusiveKeys),
    handleSets: whole("handleSets", given.handleSets, 1, mostHandleSets),
    threads,
    maxThreads: whole("maxThreads", given.maxThreads ?? threads, threads, 250),
    // Rings and slots count in powers of two.
    capacity: 2 ** Math.ceil(Math.log2(whole("capacity", given.capacity, 1, 65_536))),
    concurrentEvents: turnsOf(model, given.concurrentEvents),
    retries: whole("retries", given.retries, 0, 100),
    handlerDeadline: whole("handlerDeadline", given.handlerDeadline, 0, 86_400_000),
    handlerGrace: whole("handlerGrace", given.handlerGrace, 0, 86_400_000),
    spareThreads: whole("spareThreads", given.spareThreads, 0, 250),
    metricsPort: given.metrics === undefined ? undefined : metricsPort(given.metrics),
    deadLetters: path("deadLetters", given.deadLetters),
    affinity: checkAffinity(given.affinity),
    log: checkLog(given.log),
    threadMemory: whole("threadMemory", given.threadMemory, 0, 1_048_576),
    sharedBytes: whole("sharedBytes", given.sharedBytes, mebibyte, 2 ** 31),
    payloadBytes: whole("payloadBytes", given.payloadBytes, mebibyte, 2 ** 31),
    seed: whole("seed", given.seed, 0, 2 ** 31 - 1),
    ...promotionOf(given.promotion),
    when: oneOf("when", given.when, moments),
    queue: oneOf("queue", given.queue, ["fifo", "priority", "deadline"]),
    whenFull: oneOf("whenFull", given.whenFull, whenFull),
    admission: oneOf("admission", given.admission, ["none", "codel"]),
    breakAfter: whole("breakAfter", given.breakAfter, 0, 1_000_000),
    breakMillis: whole("breakMillis", given.breakMillis, 1, 600_000),
    level: oneOf("level", given.level, levels),
    sources: checkSources(given.sources),
    threadScript: given.threadScript ?? scriptBeside(import.meta.url),
  };
  checkTogether(checked);
  return checked;
}

function promotionOf(
  promotion: NonNullable<PoolOptions["promotion"]>,
): Pick<ThreadOptions, "promotion" | "promotionModule"> {
  if (promotion instanceof URL) return { promotion: "lifo", promotionModule: promotion.href };
  return { promotion: oneOf("promotion", promotion, promotions), promotionModule: undefined };
}

/** A thread looks at all of them before it sleeps. */
const mostHandleSets = 16;

function threadsOf(
  { model, association }: Pick<ThreadOptions, "model" | "association">,
  threads: number,
): number {
  const asked = whole("threads", threads, 1, 250);
  if (model === "event-loop") return 1;
  // Each submitter has a queue for each thread: their memory grows with the square.
  if (bindsEvents({ model, association })) return whole("threads", asked, 1, 64);
  return asked;
}

const mostTurns = 10_000;

function turnsOf(model: ModelName, asked: number | undefined): number {
  if (asked === undefined) return model === "event-loop" ? mostTurns : 1;
  const turns = whole("concurrentEvents", asked, 1, mostTurns);
  if (turns === 1 || !modelNamed[model].hasMonitors) return turns;
  throw new RangeError(
    `concurrentEvents: ${turns} is not allowed with model "${model}", whose threads hold an object's lock for one event; leave it out or give 1.`,
  );
}

/** Bundled beside the bundle, or compiled beside this file. */
function scriptBeside(url: string): URL {
  const compiled = url.endsWith("/check-pool-options.js");
  return new URL(compiled ? "./pool-thread-main.js" : "./pool-thread.js", url);
}

/** What the threads get: plain data only, since functions can't be cloned, nor a URL on every Node. */
export function threadOptionsOf(options: CheckedPoolOptions): ThreadOptions {
  const { threadScript: _, sources: __, log: ___, ...plain } = options;
  return plain;
}

function checkKeys(options: PoolOptions): void {
  for (const key of Object.keys(options)) {
    if (key in defaults) continue;
    const name = nearest(key, Object.keys(defaults));
    const hint = name === undefined ? "" : ` Did you mean "${name}"?`;
    throw new RangeError(`There is no option "${key}".${hint}`);
  }
}

function metricsPort(metrics: unknown): number {
  const port =
    typeof metrics === "object" && metrics !== null && "port" in metrics ? metrics.port : metrics;
  return whole("metrics.port", port, 0, 65_535);
}

function path(key: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new RangeError(`${key}: ${JSON.stringify(value)} is not allowed; give a path.`);
}

export function whole(key: string, value: unknown, least: number, most: number): number {
  const isWhole = typeof value === "number" && Number.isInteger(value);
  if (isWhole && value >= least && value <= most) return value;
  throw new RangeError(
    `${key}: ${String(value)} is not allowed; give a whole number from ${least} to ${most}.`,
  );
}

function yesOrNo(key: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new RangeError(`${key}: ${String(value)} is not allowed; give true or false.`);
}

function oneOf<T extends string>(key: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new RangeError(
    `${key}: "${String(value)}" is not allowed; give one of ${allowed.join(", ")}.`,
  );
}
