// A handler keeps something of every event for ever; the twin keeps the last few.

import { addWork, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";

export const heapGrowth: ProgramKind = {
  id: "heap-growth",
  rules: ["heap-growth"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const kept = draw.noun();
    const size = Math.round(300 + 700 * magnitude);
    module.state(`const ${kept} = [];`);
    module.block(`
export function ${type}(event) {
  const rows = Array.from({ length: ${size} }, (_, at) => ({ at, n: event.payload.n }));
  ${kept}.push(rows);
  ${fixed ? `if (${kept}.length > 20) ${kept}.shift();` : ""}
  return ${work}(${draw.int(20, 60)});
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    return {
      ...{ threads: 1, duration: 3000 },
      arrival: { kind: "open", perSecond: 1000, spacing: "constant" },
    };
  },
};
