// A few events never settle; the twin settles them.

import { addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const hangingHandler: ProgramKind = {
  id: "hanging-handler",
  rules: ["hanging-handler"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 2, how: "await" });
    const type = draw.verb();
    const times = 1 + Math.round(magnitude);
    const at = draw.int(30, 60);
    module.block(`
export async function ${type}(event) {${here}
  const { n } = event.payload;
  await ${pause}();
  if (n % ${at} === 9 && n < ${at * times}) ${fixed ? "return 0" : "await new Promise(() => {})"};${here}
  return ${work}(${draw.int(10, 40)});
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    return {
      ...{ threads: 2, concurrentEvents: 4, handlerDeadline: 1500, duration: 1200 },
      arrival: { kind: "closed", inFlight: draw.int(4, 8) },
    };
  },
};
