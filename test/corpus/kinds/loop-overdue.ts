// One type computes long in an async handler and keeps the thread's other turns from going on; the twin lets them in between.

import { addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const loopOverdue: ProgramKind = {
  id: "loop-overdue",
  rules: ["loop-overdue"],
  costs: "p99",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 1, how: "await" });
    const [long, quick] = [draw.verb(), draw.verb()];
    module.victim = quick;
    const pieces = Math.round(15 + 20 * magnitude);
    module.block(`
export async function ${long}(event) {${here}
  let mixed = 0;
  for (let piece = 0; piece < ${pieces}; piece++) {
    mixed += ${work}(2000);
    ${fixed ? "await new Promise((resolve) => setImmediate(resolve));" : ""}
  }
  return mixed + event.payload.n;
}`);
    module.block(`
export async function ${quick}(event) {
  await ${pause}();
  await ${pause}();
  return ${work}(5) + event.payload.n;
}`);
    addWorkload(module, draw, [
      { type: long, weight: 1 },
      { type: quick, weight: draw.int(4, 8) },
    ]);
    return {
      ...{ threads: 1, concurrentEvents: 8, duration: 3000 },
      arrival: { kind: "closed", inFlight: 8 },
    };
  },
};
