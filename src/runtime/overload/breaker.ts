// A circuit breaker for each handler (Nygard): after so many failures in a row its circuit is open, and its events are not run
// for a while; then one is tried (half-open), and closes the circuit or opens it again. Shared by all threads.
//
//   closed --failures in a row--> open --time--> half-open --success--> closed
//                                  ^----------------failure--------------'

import { step } from "../../sync/step.ts";
import { breakers } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

export const circuitStates = ["closed", "open", "half-open"] as const;
export type CircuitState = (typeof circuitStates)[number];

const field = { state: 0, failures: 1, sinceMicros: 2 } as const;

export interface BreakerRule {
  /** Failures in a row that open the circuit; 0 for no breaker. */
  readonly breakAfter: number;
  /** Until one event is tried. */
  readonly breakMillis: number;
}

export function circuitOf(memory: PoolMemory, handler: number): CircuitState {
  if (handler >= breakers) return "closed";
  step("load", "circuit", handler);
  const word = memory.breaker(handler, field.state);
  return circuitStates[Atomics.load(memory.words, word)] ?? "closed";
}

/** Whether an event of this handler may run now. One at a time is tried while it is open; should that one's thread die, another. */
export function mayPass(
  memory: PoolMemory,
  handler: number,
  rule: BreakerRule,
  nowMicros: number,
): boolean {
  const state = circuitOf(memory, handler);
  if (state === "closed") return true;
  const { words } = memory;
  const since = memory.breaker(handler, field.sinceMicros);
  step("load", "circuit-since", handler);
  const seen = Atomics.load(words, since);
  if (((nowMicros - seen) | 0) < rule.breakMillis * 1000) return false;
  step("compare-exchange", "circuit-since", handler);
  // Exactly one of those that come now is the trial.
  if (Atomics.compareExchange(words, since, seen, nowMicros) !== seen) return false;
  step("store", "circuit", handler);
  Atomics.store(words, memory.breaker(handler, field.state), circuitStates.indexOf("half-open"));
  return true;
}

export function succeeded(memory: PoolMemory, handler: number): void {
  if (handler >= breakers) return;
  const failures = memory.breaker(handler, field.failures);
  // Nothing is written while all goes well: the word stays in every thread's cache.
  if (memory.words[failures] === 0) return;
  memory.words[failures] = 0;
  step("store", "circuit", handler);
  Atomics.store(memory.words, memory.breaker(handler, field.state), 0);
}

/** Also for an event that ended with its thread. */
export function failed(
  memory: PoolMemory,
  handler: number,
  rule: BreakerRule,
  nowMicros: number,
): void {
  if (rule.breakAfter === 0 || handler >= breakers) return;
  const { words } = memory;
  step("add", "circuit-failures", handler);
  const inARow = Atomics.add(words, memory.breaker(handler, field.failures), 1) + 1;
  if (inARow < rule.breakAfter) return;
  step("store", "circuit-since", handler);
  Atomics.store(words, memory.breaker(handler, field.sinceMicros), nowMicros);
  step("store", "circuit", handler);
  Atomics.store(words, memory.breaker(handler, field.state), circuitStates.indexOf("open"));
}
