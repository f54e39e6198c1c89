// Asked of each event that a thread has taken, before its handler runs: run it, run the degraded variant that the person gave,
// or end it as shed. Here meet admission by queue delay and the circuit breakers.

import type { PlainError } from "../payload/error-transfer.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { failed, mayPass, succeeded, type BreakerRule } from "./breaker.ts";
import { isLate, isOverloaded, shedsAfter } from "./codel.ts";

export interface GateOptions extends BreakerRule {
  readonly admission: "none" | "codel";
}

export type Verdict = "run" | "degrade" | PlainError;

export class Gate {
  readonly #memory: PoolMemory;
  readonly #options: GateOptions;
  readonly #handlers: readonly string[];
  readonly #nowMicros: () => number;

  constructor(
    memory: PoolMemory,
    options: GateOptions,
    handlers: readonly string[],
    nowMicros: () => number,
  ) {
    this.#memory = memory;
    this.#options = options;
    this.#handlers = handlers;
    this.#nowMicros = nowMicros;
  }

  /** `degradable`: there is a variant to fall back on. */
  verdict(slot: number, handler: number, degradable: boolean): Verdict {
    const { admission, breakAfter } = this.#options;
    if (admission === "none" && breakAfter === 0) return "run";
    const now = this.#nowMicros();
    if (admission === "codel") {
      const submitted = this.#memory.words[this.#memory.slot(slot, slotField.submittedMicros)] ?? 0;
      const delay = Math.max(0, (now - submitted) | 0);
      if (shedsAfter(this.#memory, delay, now)) return this.#shed(handler, delay);
      if (degradable && isLate(delay) && isOverloaded(this.#memory)) return "degrade";
    }
    if (breakAfter === 0 || mayPass(this.#memory, handler, this.#options, now)) return "run";
    return degradable ? "degrade" : this.#open(handler);
  }

  /** After the handler itself, not its degraded variant, has ended. */
  ended(handler: number, well: boolean): void {
    if (this.#options.breakAfter === 0) return;
    if (well) succeeded(this.#memory, handler);
    else failed(this.#memory, handler, this.#options, this.#nowMicros());
  }

  #shed(handler: number, delayMicros: number): PlainError {
    const waited = (delayMicros / 1000).toFixed(1);
    const name = this.#handlers[handler] ?? "";
    const message = `Event "${name}" was shed: it had waited ${waited} ms in an overloaded pool.`;
    return { name: "ShedError", message, stack: "", code: "ERR_EVENT_SHED" };
  }

  #open(handler: number): PlainError {
    const name = this.#handlers[handler] ?? "";
    const message =
      `Event "${name}" was not run: its handler failed ${this.#options.breakAfter} times in a row, ` +
      `and is tried again after ${this.#options.breakMillis} ms.`;
    return { name: "CircuitOpenError", message, stack: "", code: "ERR_CIRCUIT_OPEN" };
  }
}
