// What a pool in a process of its own and the process that uses it tell each other: over the child's IPC channel, with Node's
// advanced serialization. Payloads and results are bytes in it, made by the pool's own codec: what can't be sent is refused
// where it is sent, and what can't be read is one event's fault and not the channel's.

import type { PlainError } from "../payload/error-transfer.ts";
import type { EventRequest } from "../handler.ts";
import type { CloseOptions, PoolCounts } from "../pool-front.ts";
import type { PoolOptions } from "../pool-options.ts";
import type { PoolState } from "../pool-state.ts";

/** A URL crosses as its text. */
export type RemoteOptions = Omit<PoolOptions, "threadScript">;

/** The payload by structured clone. */
export type RemoteEvent = Omit<EventRequest, "payload"> & { readonly payload: Uint8Array };

export type ToRemote =
  /** The first message. */
  | { readonly kind: "start"; readonly module: string; readonly options: RemoteOptions }
  | { readonly kind: "submit"; readonly id: number; readonly event: RemoteEvent }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "close"; readonly options: CloseOptions };

export type FromRemote =
  | { readonly kind: "started"; readonly handlers: readonly string[] }
  | { readonly kind: "refused"; readonly error: PlainError }
  | { readonly kind: "completed"; readonly id: number; readonly result: Uint8Array }
  | { readonly kind: "failed"; readonly id: number; readonly error: PlainError }
  /** From time to time, and with each change. */
  | { readonly kind: "told"; readonly counts: PoolCounts; readonly state: PoolState }
  /** The pool is closed; the process ends. */
  | { readonly kind: "closed"; readonly counts: PoolCounts };
