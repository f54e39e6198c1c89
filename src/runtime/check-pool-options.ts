// Fills in a pool's defaults and refuses what is out of range, naming the key, the value and what is allowed.

import type { PoolOptions } from "./pool-options.ts";
import type { ThreadOptions } from "./thread-messages.ts";
import { levels } from "../recorder/recorder.ts";

export interface CheckedPoolOptions extends ThreadOptions {
  readonly threads: number;
  readonly capacity: number;
  readonly retries: number;
  readonly handlerDeadline: number;
  readonly sharedBytes: number;
  readonly payloadBytes: number;
  readonly threadScript: URL;
}

const mebibyte = 1024 * 1024;

/** Throws a RangeError with one sentence. */
export function checkPoolOptions(options: PoolOptions): CheckedPoolOptions {
  return {
    threads: whole("threads", options.threads ?? 4, 1, 250),
    // Rings and slots count in powers of two.
    capacity: 2 ** Math.ceil(Math.log2(whole("capacity", options.capacity ?? 4096, 1, 65_536))),
    concurrentEvents: whole("concurrentEvents", options.concurrentEvents ?? 1, 1, 10_000),
    retries: whole("retries", options.retries ?? 0, 0, 100),
    handlerDeadline: whole("handlerDeadline", options.handlerDeadline ?? 30_000, 0, 86_400_000),
    sharedBytes: whole("sharedBytes", options.sharedBytes ?? 64 * mebibyte, mebibyte, 2 ** 31),
    payloadBytes: whole("payloadBytes", options.payloadBytes ?? 1024 * mebibyte, mebibyte, 2 ** 31),
    seed: whole("seed", options.seed ?? 1, 0, 2 ** 31 - 1),
    promotion: oneOf("promotion", options.promotion ?? "lifo", ["lifo", "fifo"]),
    when: oneOf("when", options.when ?? "on-demand", ["eager", "on-demand"]),
    queue: oneOf("queue", options.queue ?? "fifo", ["fifo", "priority"]),
    whenFull: oneOf("whenFull", options.whenFull ?? "wait", ["wait", "shed-newest"]),
    level: oneOf("level", options.level ?? "off", levels),
    threadScript: options.threadScript ?? scriptBeside(import.meta.url),
  };
}

/** Bundled beside the bundle, or compiled beside this file. */
function scriptBeside(url: string): URL {
  const compiled = url.endsWith("/check-pool-options.js");
  return new URL(compiled ? "./pool-thread-main.js" : "./pool-thread.js", url);
}

/** What the threads get: plain data only, since a URL can't be cloned on every Node. */
export function threadOptionsOf(options: CheckedPoolOptions): ThreadOptions {
  const { promotion, when, queue, whenFull, concurrentEvents, level, seed } = options;
  return { promotion, when, queue, whenFull, concurrentEvents, level, seed };
}

function whole(key: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(
    `${key}: ${value} is not allowed; give a whole number from ${least} to ${most}.`,
  );
}

function oneOf<T extends string>(key: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new RangeError(`${key}: "${value}" is not allowed; give one of ${allowed.join(", ")}.`);
}
