// Some events end their thread at the first try and complete at the second: retries hide it. The twin completes at once.

import { addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const hiddenRetries: ProgramKind = {
  id: "hidden-retries",
  rules: ["hidden-retries", "crashing-thread"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const tried = draw.noun();
    const times = 3 + Math.round(2 * magnitude);
    const every = draw.int(15, 30);
    const die = `if (n % ${every} === 1 && n < ${every * times} && Atomics.exchange(${tried}, n, 1) === 0) process.exit(1);${here}`;
    module.block(`
export function ${type}(event, ctx) {${here}
  const { n } = event.payload;
  const ${tried} = ctx.shared("${tried}", Int32Array, 4096);
  ${fixed ? `if (n < 4096) ${tried}[n] = 1;` : die}
  return ${work}(${draw.int(50, 200)});
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    return {
      ...{ threads: 2, retries: 2, duration: 1500 },
      arrival: { kind: "closed", inFlight: draw.int(2, 6) },
    };
  },
};
