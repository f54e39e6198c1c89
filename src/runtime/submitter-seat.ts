// Submitting from another thread of the pool's process: the seat is plain data that the pool gives, to be handed to the
// thread as workerData; there openSubmitter makes it a submitter. One thread per seat.

import { makeRecorder } from "../recorder/ring-recorder.ts";
import type { Submit } from "./handler.ts";
import { openPoolMemory, type PoolMemoryParts } from "./pool-memory.ts";
import { poolParts } from "./pool-setup.ts";
import { Submitter } from "./submitter.ts";
import type { ThreadOptions } from "./thread-messages.ts";

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
  /** Events submitted here that have not settled. */
  readonly waiting: number;
  close(): void;
}

/** `abortRunning` tells the pool's owner to abort a running handler; without it, handlers see `ctx.signal.aborted` only. */
export function openSubmitter(
  seat: SubmitterSeat,
  abortRunning: (slot: number, thread: number) => void = () => undefined,
): OpenSubmitter {
  const memory = openPoolMemory(seat.parts);
  const parts = poolParts(memory, seat.options, BigInt(seat.startNanos));
  return new Submitter({
    memory,
    index: seat.index,
    handlers: seat.handlers,
    handleSet: parts.handleSet,
    byPriority: parts.discipline.byPriority,
    protocol: parts.protocol,
    whenFull: seat.options.whenFull,
    recorder: makeRecorder(seat.options.level, seat.ring, process.hrtime.bigint),
    currentTurn: () => 0,
    nowMicros: parts.nowMicros,
    abortRunning,
  });
}
