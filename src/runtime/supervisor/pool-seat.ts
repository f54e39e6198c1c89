// A pool thread as its supervisor holds it: the worker in one of the pool's seats, and why it ended.

import { Worker } from "node:worker_threads";
import { levels, type Level } from "../../recorder/recorder.ts";
import type { ThreadRow } from "../../trace/tables.ts";
import { isError, messageOf, summaryOf } from "../payload/describe-value.ts";
import type { PlainError } from "../payload/error-transfer.ts";
import { toPlainError } from "../payload/read-error.ts";
import { OutputLines } from "../output/output-lines.ts";
import type { PoolObserver } from "../pool-observer.ts";
import type { ThreadStart } from "../thread/thread-messages.ts";

export interface Seat {
  readonly index: number;
  readonly name: string;
  /** Of the handlers that it has loaded; grows each time they are replaced. */
  readonly version: number;
  readonly worker: Worker;
  readonly output: OutputLines;
  duty: Duty;
  loaded: boolean;
  joined: boolean;
  /** The operating system's; 0 until it is known, and where there is none. */
  osThreadId: number;
  /** Called once it takes no more events. */
  left: (() => void) | undefined;
  /** Why it was ended, or what it died of; undefined while neither is known. */
  reason: PlainError | undefined;
}

/**
 * `beside`: loads new handlers, to take the place of a member with older ones. `dying`: told to end, not gone yet; it may still
 * touch the shared memory, and holds its locks until its exit.
 */
export type Duty = ThreadStart["duty"] | "beside" | "leaving" | "dying";

interface SeatOptions {
  readonly threadScript: URL;
  /** 0 for what Node allows. */
  readonly threadMemory: number;
}

export function startSeat(
  { threadScript, threadMemory: memoryMib }: SeatOptions,
  start: Omit<ThreadStart, "output">,
  version: number,
  observer: Pick<PoolObserver, "output">,
): Seat {
  const thread = `thread ${start.seat}`;
  const output = new OutputLines((stream, text) => observer.output({ thread, stream, text }));
  const data: ThreadStart = { ...start, output: output.seat };
  const worker = new Worker(threadScript, {
    workerData: data,
    transferList: [data.output.port],
    // Nothing comes this way, see thread-output.ts; but without it Node has them read, and turns the thread's loop for it.
    stdout: true,
    stderr: true,
    name: `poolscope-${start.seat}`,
    ...(memoryMib === 0 ? {} : { resourceLimits: { maxOldGenerationSizeMb: memoryMib } }),
  });
  const seat: Seat = {
    index: start.seat,
    name: start.name,
    version,
    worker,
    output,
    duty: start.duty,
    loaded: false,
    joined: false,
    osThreadId: 0,
    left: undefined,
    reason: undefined,
  };
  worker.on("error", (thrown: unknown) => {
    seat.reason ??= crashReason(seat.index, thrown, memoryMib);
  });
  return seat;
}

function crashReason(seat: number, thrown: unknown, memoryMib: number): PlainError {
  const { code, stack } = toPlainError(thrown);
  const why = isError(thrown) ? messageOf(thrown) : summaryOf(thrown);
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = memoryMib === 0 ? "what Node allows" : `${memoryMib} MiB (threadMemory)`;
    const message = `thread ${seat} died: it ran out of memory, its heap's limit is ${limit}`;
    return { name: "ThreadDiedError", message, stack: "" };
  }
  const message = `thread ${seat} died: ${why}`;
  return { name: "ThreadDiedError", message, stack };
}

/** Asked once the worker has exited. */
export function exitReason(seat: Seat, code: number): PlainError {
  const message = `thread ${seat.index} ended itself with exit code ${code}`;
  return seat.reason ?? { name: "ThreadDiedError", message, stack: "" };
}

export function threadRow(seat: Seat, level: Level): ThreadRow {
  const { osThreadId } = seat;
  const isAtLeast = (least: Level): boolean => levels.indexOf(level) >= levels.indexOf(least);
  return {
    index: seat.index,
    name: seat.name,
    kind: "pool",
    threadId: seat.worker.threadId,
    osThreadId,
    parent: 0,
    capabilities: [
      ...(isAtLeast("scheduling") ? (["roles", "gc"] as const) : []),
      ...(isAtLeast("locks") ? (["locks", "raw-waits"] as const) : []),
      ...(isAtLeast("all") ? (["blocking-calls"] as const) : []),
      ...(osThreadId === 0 ? [] : (["os"] as const)),
    ],
  };
}

/** Resolves when the thread takes no more events. */
export function leftOf(seat: Seat): Promise<void> {
  return new Promise((resolve) => {
    seat.left = resolve;
  });
}
