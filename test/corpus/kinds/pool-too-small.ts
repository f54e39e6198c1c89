// One thread computes while a processor is free and events wait; the twin has two.

import { addWork, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";

export const poolTooSmall: ProgramKind = {
  id: "pool-too-small",
  rules: ["pool-too-small"],
  costs: "throughput",
  write(module, draw, _magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    module.block(`
export function ${type}(event) {
  return ${work}(${draw.int(150, 500)}) + event.payload.n;
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    return { threads: fixed ? 2 : 1, arrival: { kind: "closed", inFlight: draw.int(8, 32) } };
  },
};
