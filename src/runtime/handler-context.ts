// `ctx`: one per turn, what a handler shares with the other threads without wiring. Everything costly is made when first
// asked for.

import { codes } from "../recorder/codes.ts";
import type { Recorder } from "../recorder/recorder.ts";
import type { Mutex } from "../sync/mutex.ts";
import { step } from "../sync/step.ts";
import type { HandlerContext, Submit } from "./handler.ts";
import type { ArrayConstructorLike, NamedMemory } from "./named-memory.ts";
import { slotField, type PoolMemory } from "./pool-memory.ts";
import type { Turn } from "./turn.ts";

/** What all turns of a thread share. */
export interface ContextServices {
  readonly thread: number;
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly submit: Submit;
  readonly named: NamedMemory;
  readonly locals: Map<string, unknown>;
  readonly startNanos: bigint;
  mutexOf(name: string, turn: Turn): Mutex;
  internString(text: string): number;
  random(): number;
  log(message: string): void;
}

type SharedArray = Parameters<HandlerContext["shared"]>[1];

export class TurnContext implements HandlerContext {
  readonly #services: ContextServices;
  readonly #turn: Turn;
  #spans = 0;

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

  mutex(name: string): Mutex {
    return this.#services.mutexOf(name, this.#turn);
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
    this.#turn.abort ??= makeAbort(this.#services.memory, this.#turn.slot);
    return this.#turn.abort.signal;
  }

  mark(name: string): void {
    const { recorder } = this.#services;
    if (!recorder.scheduling) return;
    const id = this.#services.internString(name);
    recorder.record(codes.mark, this.#turn.number, 0, id, 0, 0, 0);
  }

  span<T>(name: string, body: () => T): T {
    const { recorder } = this.#services;
    if (!recorder.scheduling) return body();
    const id = this.#services.internString(name);
    const span = ++this.#spans;
    recorder.record(codes.spanStarted, this.#turn.number, 0, id, span, 0, 0);
    const end = (): void => {
      recorder.record(codes.spanEnded, this.#turn.number, 0, id, span, 0, 0);
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
    if (result instanceof Promise) {
      settlesLater = true;
      return result.finally(end) as T;
    }
    return result;
  } finally {
    if (!settlesLater) end();
  }
}

/** `aborted` reads the slot's cancel word, so that a handler that never returns to its event loop sees it too. */
function makeAbort(memory: PoolMemory, slot: number): AbortController {
  const controller = new AbortController();
  const native = Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted");
  const word = memory.slot(slot, slotField.cancel);
  Object.defineProperty(controller.signal, "aborted", {
    get(): boolean {
      step("load", "cancel", slot);
      // Pairs with the store in Submitter's abort.
      if (Atomics.load(memory.words, word) !== 0) return true;
      return native?.get?.call(controller.signal) === true;
    },
  });
  return controller;
}
