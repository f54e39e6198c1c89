// Submitting from another thread of the pool's process: the seat is plain data that the pool gives, to be handed to the
// thread as workerData; there openSubmitter makes it a submitter. One thread per seat.

import { makeRecorder } from "../../recorder/ring-recorder.ts";
import type { EventRequest, Submit } from "../handler.ts";
import { openPoolMemory, type PoolMemoryParts } from "../memory/pool-memory.ts";
import { poolParts } from "../pool-setup.ts";
import { Submitter } from "./submitter.ts";
import type { ThreadOptions } from "../thread/thread-messages.ts";

export interface SubmitterSeat {
  readonly index: number;
  readonly parts: PoolMemoryParts;
  readonly ring: SharedArrayBuffer;
  readonly options: ThreadOptions;
  readonly handlers: readonly string[];
  readonly startNanos: string;
}

export interface OpenSubmitter {
  readonly submit: Submit;
  /** As submit; `refuse` hears why an event never was accepted: it has no outcome then, and is counted nowhere. */
  offer(request: EventRequest, settled: () => void, refuse: (reason: unknown) => void): void;
  /** Events submitted here that have not settled. */
  readonly waiting: number;
  close(): void;
}

const outsideTurns = (): number => 0;

/**
 * A promotion protocol of a person's own is not loaded here: lifo picks when this submitter has to wake a follower.
 * `cancelled` tells the pool's owner that a running event was cancelled (ThreadPool.cancelRunning); without it handlers see
 * `ctx.signal.aborted` only, and one that does not look at it keeps its thread.
 */
export function openSubmitter(
  seat: SubmitterSeat,
  cancelled: (slot: number) => void = () => undefined,
): OpenSubmitter {
  const memory = openPoolMemory(seat.parts);
  const parts = poolParts(memory, seat.options, BigInt(seat.startNanos));
  const recorder = makeRecorder(seat.options.level, seat.ring, process.hrtime.bigint);
  return new Submitter({
    memory,
    index: seat.index,
    handlers: seat.handlers,
    handleSet: parts.handleSet,
    discipline: parts.discipline,
    model: parts.model.submitSide({ ...parts, memory, recorder, currentTurn: outsideTurns }),
    whenFull: seat.options.whenFull,
    recorder,
    spins: true,
    currentTurn: outsideTurns,
    nowMicros: parts.nowMicros,
    cancelled,
  });
}
