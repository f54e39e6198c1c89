// Large payloads go as objects, which are turned into text and back; the twin sends the bytes.

import { addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const payloadCost: ProgramKind = {
  id: "payload-cost",
  rules: ["payload-cost"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const points = draw.noun();
    const count = Math.round(1000 + 8000 * magnitude);
    module.state(
      fixed
        ? `const ${points} = Uint8Array.from({ length: ${count} }, (_, at) => at % 251);`
        : `const ${points} = Array.from({ length: ${count} }, (_, at) => ({ at, value: at % 251 }));`,
    );
    module.block(`
export function ${type}(event) {${here}
  const first = event.payload[event.payload.length >> 1];
  return ${work}(${draw.int(5, 30)}) + ${fixed ? "first" : "first.value"};
}`);
    addWorkload(module, draw, [{ type, weight: 1, payload: points }]);
    return { threads: draw.int(1, 2), arrival: { kind: "closed", inFlight: draw.int(4, 16) } };
  },
};
