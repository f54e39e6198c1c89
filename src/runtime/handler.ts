// What a person's handlers see: the event, and `ctx`, which carries everything that handlers share. These types are the
// public ones of the npm package.

/**
 * Structured-cloneable data, 1,000 levels deep at most; typed arrays and Buffers travel without JSON. What can't be sent is refused with
 * its place: docs/payloads.md.
 */
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
  /**
   * Milliseconds from the submission, above 0. With queue "deadline" the event that is due first goes first, and `priority` is
   * the deadline's: 7 for up to 1 ms, one less for each factor of 4. An event without one is given a minute. Nothing is dropped.
   */
  readonly deadline?: number;
  /** What the event is about, such as an account's number: models that keep to one object a time go by it. Default: the type. */
  readonly key?: string | number;
}

export interface SubmitOptions {
  /**
   * At its abort the promise is rejected with the signal's reason, at once, and the event's outcome is "cancelled": it never starts when
   * it has not yet. When its handler runs, `ctx.signal` tells it. A handler that has not settled after `handlerGrace` is ended with
   * its thread, and what else that thread had in hand ends as at a thread's death. One signal may serve any number of events.
   */
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

/** A lock that is held. */
export interface Guard {
  /** Taken over from a thread that died while it held the lock: what the lock protects may be half changed. */
  readonly abandoned: boolean;
  /** Once; a second call is an error. */
  release(): void;
  [Symbol.dispose](): void;
}

/**
 * Held by one turn of one thread at a time: the one whose code asks, over its awaits, in its timers and callbacks, whoever's ctx
 * the lock came from. So it may be kept, in a class, a closure or a module. Acquiring again what the turn holds already is an
 * error, not a hang. What a turn still holds when it settles is taken back, and told.
 *
 * Code of no turn (setup, teardown, and what goes on after its handler has ended) holds locks for itself: nobody takes them back.
 */
export interface Mutex {
  /** Blocks the thread. Rejects a sure deadlock, and a wait beyond `timeoutMillis`, by an error. */
  acquire(timeoutMillis?: number): Guard;
  /** Keeps the thread's event loop meanwhile. Rejects when the turn has settled before the lock came: await it. */
  acquireAsync(timeoutMillis?: number): Promise<Guard>;
  /** Undefined when the lock is held. */
  tryAcquire(): Guard | undefined;
  /** Holds the lock while `body` runs, and until the promise settles that it may return. */
  run<T>(body: () => T): T;
}

export interface LockOptions {
  /** Handed over in the order in which threads asked; costs a wake-up for each acquire that waits. Default false. */
  readonly fair?: boolean;
}

/**
 * Many readers or one writer. A reader that finds a writer waits for the end of that one write, and new readers stay out while a
 * writer waits: neither side starves. `read` is not to be acquired again, nor `write` beside it, by a turn that has it.
 */
export interface RwLock {
  readonly read: Mutex;
  readonly write: Mutex;
}

/**
 * `acquire` takes one of its permits, a guard gives it back. Not robust: a permit that a thread holds when it dies is lost, and
 * since permits have no owner no deadlock over them is foreseen; give a time limit where that may happen.
 */
export interface Semaphore extends Mutex {
  /** Free now. */
  readonly permits: number;
}

/**
 * Waits with the guard of a mutex or of a `write` side, which is free meanwhile and held again when the wait ends, by the turn
 * whose guard it is. Another turn's guard is refused.
 */
export interface Condition {
  /** Blocks the thread. True when notified, false when the time was over; look again at what you wait for. */
  wait(guard: Guard, timeoutMillis?: number): boolean;
  waitAsync(guard: Guard, timeoutMillis?: number): Promise<boolean>;
  notifyOne(): void;
  notifyAll(): void;
}

/**
 * `wait` ends when all parties have come. Broken for all (BarrierBrokenError), until `reset`, when a party's thread dies or its
 * time is over. A thread that dies before it ever came is not known as a party: give a time limit where that may happen.
 */
export interface Barrier {
  /** Blocks the thread. True for the last to come. */
  wait(timeoutMillis?: number): boolean;
  waitAsync(timeoutMillis?: number): Promise<boolean>;
  readonly broken: boolean;
  reset(): void;
}

/** Many mutexes: a key always has the same one, different keys mostly have different ones. */
export interface StripedLock {
  of(key: string | number): Mutex;
}

/**
 * One per turn. Names are shared by all threads of the pool.
 *
 * What it hands out may be kept and used by code of other turns: locks and `submit` find the turn that runs, shared memory and
 * thread-local values have none, `mark` and `span` of a kept ctx are recorded for the turn that runs. Only `signal` stays its own
 * event's.
 */
export interface HandlerContext {
  readonly thread: number;
  /** The same lock for the same name in every thread. */
  mutex(name: string, options?: LockOptions): Mutex;
  rwLock(name: string, options?: LockOptions): RwLock;
  /** The same number of permits every time. */
  semaphore(name: string, permits: number): Semaphore;
  condition(name: string): Condition;
  /** The same number of parties every time. */
  barrier(name: string, parties: number): Barrier;
  striped(name: string, stripes: number): StripedLock;
  /** Named shared memory, zeroed when first asked for; the same type and length every time. */
  shared<T extends SharedArrayType>(name: string, type: T, length: number): InstanceType<T>;
  /** One value a thread, made by the first call with that key. */
  threadLocal<T>(key: string, make: () => T): T;
  readonly submit: Submit;
  /** Aborted when the event is cancelled or its deadline passes; after the event has settled it stays as it was. Made when first read. */
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
