// A pool thread as its supervisor holds it: the worker in one of the pool's seats, and why it ended.

import { Worker } from "node:worker_threads";
import type { ThreadRow } from "../trace/tables.ts";
import type { PlainError } from "./error-transfer.ts";
import type { ThreadStart } from "./thread-messages.ts";

export interface Seat {
  readonly index: number;
  readonly worker: Worker;
  loaded: boolean;
  /** Why it was ended, or what it died of; undefined while neither is known. */
  reason: PlainError | undefined;
}

export function startSeat(script: URL, start: ThreadStart): Seat {
  const worker = new Worker(script, {
    workerData: start,
    stdout: true,
    stderr: true,
    name: `poolscope-${start.seat}`,
  });
  const seat: Seat = { index: start.seat, worker, loaded: false, reason: undefined };
  worker.on("error", (thrown: unknown) => {
    seat.reason ??= crashReason(seat.index, thrown);
  });
  return seat;
}

function crashReason(seat: number, thrown: unknown): PlainError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const message = `thread ${seat} died: ${error.message}`;
  return { name: "ThreadDiedError", message, stack: error.stack ?? "" };
}

/** Asked once the worker has exited. */
export function exitReason(seat: Seat, code: number): PlainError {
  const message = `thread ${seat.index} ended itself with exit code ${code}`;
  return seat.reason ?? { name: "ThreadDiedError", message, stack: "" };
}

export function threadRow(seat: Seat, osThreadId: number): ThreadRow {
  return {
    index: seat.index,
    name: `thread ${seat.index}`,
    kind: "pool",
    threadId: seat.worker.threadId,
    osThreadId,
    parent: 0,
    capabilities: ["roles", "locks"],
  };
}
