// More events come than the pool can do, and it sheds; in the twin fewer come.

import { addWork, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";

export const queueSaturated: ProgramKind = {
  id: "queue-saturated",
  rules: ["queue-saturated"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    module.block(`
export function ${type}(event) {
  return ${work}(${draw.int(3000, 5000)}) + event.payload.n;
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    const perSecond = fixed ? 30 : Math.round(1500 + 3000 * magnitude);
    return {
      ...{ threads: 2, capacity: 32, whenFull: "shed-newest" },
      arrival: { kind: "open", perSecond, spacing: "constant" },
    };
  },
};
