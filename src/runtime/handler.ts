// What a person's handlers see: the event, and `ctx`, which carries everything that handlers share. These types are the
// public ones of the npm package.

import type { Mutex } from "../sync/mutex.ts";

/** Structured-cloneable data; typed arrays and Buffers travel without JSON. */
export type Payload = unknown;

export interface PoolEvent<P = Payload> {
  readonly type: string;
  readonly payload: P;
  readonly priority: number;
  readonly id: number;
}

export interface EventRequest {
  readonly type?: string;
  readonly payload?: Payload;
  /** 0 to 7; the larger goes first. Default 0. */
  readonly priority?: number;
}

export interface SubmitOptions {
  readonly signal?: AbortSignal;
}

export type Submit = (event: EventRequest, options?: SubmitOptions) => Promise<unknown>;

export type Handler<P = Payload, R = unknown> = (
  event: PoolEvent<P>,
  ctx: HandlerContext,
) => R | Promise<R>;

type SharedArrayType =
  | Int8ArrayConstructor
  | Uint8ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor;

/** One per turn. Names are shared by all threads of the pool. */
export interface HandlerContext {
  readonly thread: number;
  /** The same lock for the same name in every thread. */
  mutex(name: string): Mutex;
  /** Named shared memory, zeroed when first asked for; the same type and length every time. */
  shared<T extends SharedArrayType>(name: string, type: T, length: number): InstanceType<T>;
  /** One value a thread, made by the first call with that key. */
  threadLocal<T>(key: string, make: () => T): T;
  readonly submit: Submit;
  /** Aborted when the event is cancelled or its deadline passes. Made when first read. */
  readonly signal: AbortSignal;
  mark(name: string): void;
  span<T>(name: string, body: () => T): T;
  /** Milliseconds since the pool started. */
  now(): number;
  /** From 0 up to 1, from the pool's seed. */
  random(): number;
  sleep(millis: number): Promise<void>;
  log(message: string): void;
}

export interface HandlerModule {
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly workload: (() => Iterable<EventRequest> | AsyncIterable<EventRequest>) | undefined;
  readonly setup: ((ctx: HandlerContext) => void | Promise<void>) | undefined;
  readonly teardown: ((ctx: HandlerContext) => void | Promise<void>) | undefined;
  /** A piscina or tinypool worker file: it is given the payload itself. */
  readonly takesPayload: boolean;
}
