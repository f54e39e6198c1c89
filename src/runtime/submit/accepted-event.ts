// What a submitter remembers of an event: what it needs to put it into a slot, and whom to tell of its outcome.

import { nothing, type Encoded } from "../payload/payload-codec.ts";

/** Where an event is, for its signal: in the outbox, in a slot (its number), or nowhere: not admitted yet, or its caller knows. */
export type Place = "outbox" | "nowhere" | number;

/** Who is told what becomes of an event: one of the three, once. */
export interface Told {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** It never was accepted. */
  readonly refuse: (reason: unknown) => void;
}

/** One event from its submission until its promise settles: first in the outbox perhaps, then in a slot. */
export interface AcceptedEvent extends Told {
  readonly handler: number;
  readonly object: number;
  readonly priority: number;
  /** When it is due, in the pool's microseconds; wraps. */
  readonly dueMicros: number;
  /** When it came, or when it found a slot after waiting for one; as dueMicros. */
  submittedMicros: number;
  readonly payload: Encoded;
  readonly encodeNanos: number;
  place: Place;
  /** Undefined for an event without a signal. */
  unhearAbort: (() => void) | undefined;
}

/** The caller is told, and by nobody else any more: from here on the signal may do what it likes. */
export function tellResult(event: AcceptedEvent, value: unknown): void {
  knows(event);
  event.resolve(value);
}

export function tellReason(event: AcceptedEvent, reason: unknown): void {
  knows(event);
  event.reject(reason);
}

/** It never was accepted. */
export function tellRefused(event: AcceptedEvent, reason: unknown): void {
  knows(event);
  event.refuse(reason);
}

function knows(event: AcceptedEvent): void {
  event.place = "nowhere";
  event.unhearAbort?.();
  event.unhearAbort = undefined;
}

/**
 * Of a thread that died in this seat, or of a caller who was told at the abort: nobody awaits its result any more, but it still has
 * its outcome to come.
 */
export function orphan(): AcceptedEvent {
  return {
    handler: 0,
    object: 0,
    priority: 0,
    dueMicros: 0,
    submittedMicros: 0,
    payload: nothing,
    encodeNanos: 0,
    resolve: () => undefined,
    reject: () => undefined,
    refuse: () => undefined,
    place: "nowhere",
    unhearAbort: undefined,
  };
}
