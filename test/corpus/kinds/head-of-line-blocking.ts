// Events of a quick type wait behind those of a slow one; the twin lets them go first.

import { addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const headOfLineBlocking: ProgramKind = {
  id: "head-of-line-blocking",
  rules: ["head-of-line-blocking"],
  costs: "p99",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const [slow, quick] = [draw.verb(), draw.verb()];
    module.victim = quick;
    module.block(`
export function ${slow}(event) {${here}
  return ${work}(${Math.round(5000 + 15_000 * magnitude)}) + event.payload.n;
}`);
    module.block(`
export function ${quick}(event) {
  return ${work}(${draw.int(5, 20)}) + event.payload.n;
}`);
    addWorkload(module, draw, [
      { type: slow, weight: 1, priority: 1 },
      { type: quick, weight: draw.int(6, 10), priority: 5 },
    ]);
    return {
      ...{ threads: 2, queue: fixed ? "priority" : "fifo", duration: 1500 },
      arrival: { kind: "closed", inFlight: draw.int(24, 32) },
    };
  },
};
