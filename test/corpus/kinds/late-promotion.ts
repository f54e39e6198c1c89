// Leadership is given up only after the handler, so that events wait while threads are free; the twin promotes first.

import { addPause, addWork, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";

export const latePromotion: ProgramKind = {
  id: "late-promotion",
  rules: ["late-promotion"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 1 + 4 * magnitude, how: "blocking" });
    const type = draw.verb();
    module.block(`
export function ${type}(event) {
  return ${pause}() + ${work}(${draw.int(5, 40)}) + event.payload.n;
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    const threads = draw.int(3, 4);
    return {
      ...{ threads, when: fixed ? "eager" : "late" },
      arrival: { kind: "closed", inFlight: threads },
    };
  },
};
