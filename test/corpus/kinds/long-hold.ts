// A lock is held while work is done that does not need it; the twin does it before.

import { addBystanders, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const longHold: ProgramKind = {
  id: "long-hold",
  rules: ["lock-contention"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const lock = draw.noun();
    const cells = draw.noun();
    const total = draw.int(100, 300);
    const needless = Math.round(total * magnitude);
    const cell = `${cells}[event.payload.n % 8]`;
    const update = `${cell} = (${cell} + mixed) | 0;`;
    const compute = `const mixed = ${work}(${needless});`;
    module.block(
      draw.chance(0.5)
        ? `
export function ${type}(event, ctx) {
  const ${cells} = ctx.shared("${cells}", Int32Array, 8);
  ${fixed ? compute : ""}
  ctx.mutex("${lock}").run(() => {${here}
    ${fixed ? "" : compute}
    ${update}
  });
  return ${work}(${total - needless});
}`
        : `
export function ${type}(event, ctx) {
  const ${cells} = ctx.shared("${cells}", Int32Array, 8);
  ${fixed ? compute : ""}
  const guard = ctx.mutex("${lock}").acquire();${here}
  try {
    ${fixed ? "" : compute}
    ${update}
  } finally {
    guard.release();
  }
  return ${work}(${total - needless});
}`,
    );
    addWorkload(module, draw, [
      { type, weight: draw.int(3, 6) },
      ...addBystanders(module, draw, work),
    ]);
    return { threads: draw.int(2, 3), arrival: { kind: "closed", inFlight: draw.int(8, 32) } };
  },
};
