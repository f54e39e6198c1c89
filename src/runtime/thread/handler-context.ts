// `ctx`: one per turn, what a handler shares with the other threads without wiring. Everything costly is made when first
// asked for. What it hands out may be kept by code that other turns run: all but the signal is the thread's, and finds the turn
// that runs by itself (running-turn.ts).

import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import type { Synchronizers } from "../../sync/synchronizers.ts";
import { abortCauseOf } from "./abort-cause.ts";
import type {
  Barrier,
  Condition,
  HandlerContext,
  LockOptions,
  Mutex,
  RwLock,
  Semaphore,
  StripedLock,
  Submit,
} from "../handler.ts";
import type { ArrayConstructorLike, NamedMemory } from "../memory/named-memory.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { RunningTurn } from "./running-turn.ts";
import type { Turn } from "./turn.ts";

/** What all turns of a thread share. */
export interface ContextServices {
  readonly thread: number;
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly submit: Submit;
  readonly running: RunningTurn;
  readonly synchronizers: Synchronizers;
  readonly named: NamedMemory;
  readonly locals: Map<string, unknown>;
  readonly startNanos: bigint;
  internString(text: string): number;
  random(): number;
  log(message: string): void;
}

type SharedArray = Parameters<HandlerContext["shared"]>[1];

/** Counts the spans of all turns of this thread: a kept ctx has no numbers of its own that its own turn's could meet. */
let spans = 0;

export class TurnContext implements HandlerContext {
  readonly #services: ContextServices;
  readonly #turn: Turn;

  constructor(services: ContextServices, turn: Turn) {
    this.#services = services;
    this.#turn = turn;
  }

  get thread(): number {
    return this.#services.thread;
  }

  get submit(): Submit {
    return this.#services.submit;
  }

  get #sync(): Synchronizers {
    this.#services.running.askedForLock();
    return this.#services.synchronizers;
  }

  mutex(name: string, options?: LockOptions): Mutex {
    return this.#sync.mutex(name, options);
  }

  rwLock(name: string, options?: LockOptions): RwLock {
    return this.#sync.rwLock(name, options);
  }

  semaphore(name: string, permits: number): Semaphore {
    return this.#sync.semaphore(name, permits);
  }

  condition(name: string): Condition {
    return this.#sync.condition(name);
  }

  barrier(name: string, parties: number): Barrier {
    return this.#sync.barrier(name, parties);
  }

  striped(name: string, stripes: number): StripedLock {
    return this.#sync.striped(name, stripes);
  }

  shared<T extends SharedArray>(name: string, type: T, length: number): InstanceType<T> {
    return this.#services.named.array(
      name,
      type as unknown as ArrayConstructorLike<InstanceType<T>>,
      length,
    );
  }

  threadLocal<T>(key: string, make: () => T): T {
    const { locals } = this.#services;
    if (!locals.has(key)) locals.set(key, make());
    return locals.get(key) as T;
  }

  get signal(): AbortSignal {
    this.#turn.abort ??= makeAbort(this.#services.memory, this.#turn);
    return this.#turn.abort.signal;
  }

  mark(name: string): void {
    const { recorder, running } = this.#services;
    if (!recorder.scheduling) return;
    const id = this.#services.internString(name);
    recorder.record(codes.mark, running.recordedBy(this.#turn), 0, id, 0, 0, 0);
  }

  span<T>(name: string, body: () => T): T {
    const { recorder, running } = this.#services;
    if (!recorder.scheduling) return body();
    const id = this.#services.internString(name);
    const turn = running.recordedBy(this.#turn);
    const span = ++spans;
    recorder.record(codes.spanStarted, turn, 0, id, span, 0, 0);
    const end = (): void => {
      recorder.record(codes.spanEnded, turn, 0, id, span, 0, 0);
    };
    return endAfter(body, end);
  }

  now(): number {
    return Number(process.hrtime.bigint() - this.#services.startNanos) / 1e6;
  }

  random(): number {
    return this.#services.random();
  }

  sleep(millis: number): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, millis);
    });
  }

  log(message: string): void {
    this.#services.log(message);
  }
}

/** Calls `end` when the body returns or throws, or when the promise that it returns settles. */
function endAfter<T>(body: () => T, end: () => void): T {
  let settlesLater = false;
  try {
    const result = body();
    if (!(result instanceof Promise)) return result;
    const later = result.finally(end) as T;
    // Not before: where its own `finally` throws, the span ends here.
    settlesLater = true;
    return later;
  } finally {
    if (!settlesLater) end();
  }
}

/**
 * `aborted` reads the slot's cancel word, so that a handler that never returns to its event loop sees it too. Not once the turn
 * has settled: the slot is another event's then, and whoever kept the signal would take that event's abort for this one's.
 */
function makeAbort(memory: PoolMemory, turn: Turn): AbortController {
  const controller = new AbortController();
  const native = Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted");
  let seen = false;
  const isAborted = (): boolean => {
    seen ||= !turn.settled && abortCauseOf(memory, turn.slot) !== "none";
    return seen;
  };
  // The message that aborts it may have come before anybody asked for the signal; whoever asks now listens first.
  queueMicrotask(() => {
    if (isAborted()) controller.abort();
  });
  Object.defineProperty(controller.signal, "aborted", {
    get: (): boolean => isAborted() || native?.get?.call(controller.signal) === true,
  });
  return controller;
}
