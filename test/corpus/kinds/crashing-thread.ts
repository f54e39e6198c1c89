// A handler ends its thread for some events; the twin handles them.

import { addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const crashingThread: ProgramKind = {
  id: "crashing-thread",
  rules: ["crashing-thread"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const times = Math.max(1, Math.round(4 * magnitude));
    const at = draw.int(20, 60);
    module.block(`
export function ${type}(event) {${here}
  const { n } = event.payload;
  if (n % ${at} === 5 && n < ${at * times}) ${fixed ? "return 0" : "process.exit(3)"};${here}
  return ${work}(${draw.int(50, 200)});
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    return { threads: 2, duration: 1200, arrival: { kind: "closed", inFlight: draw.int(2, 6) } };
  },
};
