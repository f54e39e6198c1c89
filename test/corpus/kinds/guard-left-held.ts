// A path through a handler leaves a guard held; the twin releases it on every path.

import { addBystanders, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const guardLeftHeld: ProgramKind = {
  id: "guard-left-held",
  rules: ["guard-left-held"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const lock = draw.noun();
    const every = Math.round(30 - 25 * magnitude);
    module.block(`
export function ${type}(event, ctx) {
  const { n } = event.payload;
  const guard = ctx.mutex(\`${lock}-\${n % 64}\`).acquire();${here}
  const mixed = ${work}(${draw.int(1, 5)});
  if (n % ${every} === 0) ${fixed ? "guard.release();\n  else guard.release();" : "return mixed;\n  guard.release();"}
  return mixed + ${work}(${draw.int(20, 60)});
}`);
    addWorkload(module, draw, [
      { type, weight: draw.int(2, 4) },
      ...addBystanders(module, draw, work),
    ]);
    return { threads: 2, arrival: { kind: "closed", inFlight: draw.int(2, 8) } };
  },
};
