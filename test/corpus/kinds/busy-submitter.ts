// The workload computes each payload for longer than all threads together need to handle it; the twin has it ready.

import { addWork } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const busySubmitter: ProgramKind = {
  id: "busy-submitter",
  rules: ["not-your-pool"],
  mechanisms: ["main-thread"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const handling = draw.int(60, 150);
    const threads = draw.int(2, 3);
    const making = Math.round(handling * (1 + 4 * magnitude));
    module.block(`
export function ${type}(event) {
  return ${work}(${handling}) + event.payload.sum;
}`);
    module.block(`
export function* workload() {${here}
  for (let n = 0; ; n++) {
    yield { type: "${type}", payload: { n, sum: ${fixed ? "n" : `${work}(${making})`} } };
  }
}`);
    return { threads, arrival: { kind: "closed", inFlight: 2 * threads } };
  },
};
