// What a submitter remembers of an event: what it needs to put it into a slot, and whom to tell of its outcome.

import { nothing, type Encoded } from "../payload/payload-codec.ts";

/** One event from its submission until its promise settles: first in the outbox perhaps, then in a slot. */
export interface AcceptedEvent {
  readonly handler: number;
  readonly object: number;
  readonly priority: number;
  /** When it is due, in the pool's microseconds; wraps. */
  readonly dueMicros: number;
  /** When it came, or when it found a slot after waiting for one; as dueMicros. */
  submittedMicros: number;
  readonly payload: Encoded;
  readonly encodeNanos: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Listens to the signal: of whoever has the event now, the outbox or a slot. */
  abort: (() => void) | undefined;
}

/** One listener at a time: whoever has the event. */
export function hearAbort(event: AcceptedEvent, signal: AbortSignal, heard: () => void): void {
  event.abort = heard;
  signal.addEventListener("abort", heard, { once: true });
}

export function hearAbortNoMore(event: AcceptedEvent): void {
  if (event.abort === undefined) return;
  event.signal?.removeEventListener("abort", event.abort);
  event.abort = undefined;
}

/** Of a thread that died in this seat: nobody awaits its result any more, but it still has its outcome to come. */
export const orphan: AcceptedEvent = {
  handler: 0,
  object: 0,
  priority: 0,
  dueMicros: 0,
  submittedMicros: 0,
  payload: nothing,
  encodeNanos: 0,
  signal: undefined,
  resolve: () => undefined,
  reject: () => undefined,
  abort: undefined,
};
