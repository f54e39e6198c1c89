// A handler throws for some of its events; the twin handles them.

import { addBystanders, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const failingHandler: ProgramKind = {
  id: "failing-handler",
  rules: ["failing-handler"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const [type, check] = [draw.verb(), draw.verb()];
    const every = Math.round(20 - 17 * magnitude);
    module.block(`
function ${check}(n) {
  if (n % ${every} === 0) ${fixed ? "return 0" : `throw new RangeError("no ${draw.noun()} for this")`};${here}
  return 1;
}`);
    module.block(`
export function ${type}(event) {${here}
  return ${check}(event.payload.n) + ${work}(${draw.int(20, 80)});
}`);
    addWorkload(module, draw, [
      { type, weight: draw.int(2, 4) },
      ...addBystanders(module, draw, work),
    ]);
    return { threads: 2, arrival: { kind: "closed", inFlight: draw.int(2, 8) } };
  },
};
