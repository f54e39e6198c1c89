// What most programs of the corpus have in common: work that takes time, a workload, and handlers beside the point.

import type { Draw } from "./draw.ts";
import { here, type ModuleText } from "./program.ts";

/** Adds a function that computes for about `units` microseconds, and returns its name. */
export function addWork(module: ModuleText, draw: Draw): string {
  const name = draw.verb();
  const salt = draw.int(1, 1 << 20);
  module.block(`
function ${name}(units) {
  let mixed = units | 1;
  for (let round = 0; round < units * 500; round++) {
    mixed = Math.imul(mixed ^ round, ${0x01000193 ^ (salt << 1)});
  }
  return mixed;
}`);
  return name;
}

export interface Mixed {
  /** Of the handler that an event goes to. */
  readonly type: string;
  readonly weight: number;
  /** JavaScript for the payload; `n` counts events. */
  readonly payload?: string;
  readonly priority?: number;
}

/** Adds an endless workload that goes through the types by weight, in an order that the seed draws. */
export function addWorkload(module: ModuleText, draw: Draw, mix: readonly Mixed[]): void {
  const turns = draw.shuffled(
    mix.flatMap((each) => Array.from({ length: each.weight }, () => each)),
  );
  const events = turns.map(({ type, payload = "{ n }", priority }) => {
    const rank = priority === undefined ? "" : `, priority: ${priority}`;
    return `    yield { type: ${JSON.stringify(type)}, payload: ${payload}${rank} };`;
  });
  module.block(`
export function* workload() {
  for (let n = 0; ; n++) {
${events.join("\n")}
  }
}`);
}

/** Adds handlers that are in order, as a real module has them; returns their types for the workload. */
export function addBystanders(module: ModuleText, draw: Draw, work: string): Mixed[] {
  const count = draw.int(0, 2);
  return Array.from({ length: count }, () => {
    const type = draw.verb();
    const units = draw.int(5, 30);
    const lock = draw.chance(0.5) ? `ctx.mutex("${draw.noun()}").run(() => ${work}(1));` : "";
    module.block(`
export function ${type}(event, ctx) {
  ${lock}
  return ${work}(${units}) + event.payload.n;
}`);
    return { type, weight: 1 };
  });
}

const blocking = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MILLIS)";
const later = "await new Promise((resolve) => setTimeout(resolve, MILLIS))";

export interface PauseOptions {
  readonly millis: number;
  readonly how: "blocking" | "await";
  /** The finding should stand at the pause itself. */
  readonly isHere?: boolean;
}

/**
 * Adds a function that keeps its thread for some time without a processor, or awaits as long; returns its name. Faults whose
 * cost is waiting show also on a machine whose processors are busy with something else.
 */
export function addPause(module: ModuleText, draw: Draw, options: PauseOptions): string {
  const { millis, how, isHere = false } = options;
  const name = draw.verb();
  const call = (how === "await" ? later : blocking).replace("MILLIS", millis.toFixed(1));
  module.block(`
${how === "await" ? "async " : ""}function ${name}() {
  ${call};${isHere && how === "blocking" ? here : ""}
  return 1;
}`);
  return name;
}
