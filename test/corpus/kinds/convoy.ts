// A lock is taken again and again for a moment, so that threads queue behind each other; the twin adds up first and takes it
// once.

import { addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const convoy: ProgramKind = {
  id: "convoy",
  rules: ["lock-contention"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const lock = draw.noun();
    const cells = draw.noun();
    const rounds = Math.round(20 + 180 * magnitude);
    const add = `
    ctx.mutex("${lock}").run(() => {${here}
      ${cells}[0] = (${cells}[0] + ${fixed ? "sum" : `${work}(1)`}) | 0;
    });`;
    module.block(`
export function ${type}(event, ctx) {
  const ${cells} = ctx.shared("${cells}", Int32Array, 1);
  let sum = 0;
  for (let round = 0; round < ${rounds}; round++) {${fixed ? `\n    sum += ${work}(1);` : add}
  }${fixed ? add : ""}
  return sum;
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    return { threads: draw.int(2, 4), arrival: { kind: "closed", inFlight: draw.int(8, 32) } };
  },
};
