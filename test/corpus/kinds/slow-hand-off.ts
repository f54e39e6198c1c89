// Each thread has a timer that blocks it now and then, promoted or not; the twin's timer does little.

import { addPause, addWork, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";

export const slowHandOff: ProgramKind = {
  id: "slow-hand-off",
  rules: ["slow-hand-off"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: draw.int(1, 2), how: "blocking" });
    const refresh = addPause(module, draw, { millis: 5 + 15 * magnitude, how: "blocking" });
    const type = draw.verb();
    module.block(`
export function setup() {
  setInterval(() => ${fixed ? `${work}(5)` : `${refresh}()`}, ${draw.int(10, 20)});
}`);
    module.block(`
export function ${type}(event) {
  return ${pause}() + ${work}(${draw.int(5, 20)}) + event.payload.n;
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    return { threads: 4, when: "eager", arrival: { kind: "closed", inFlight: 3 } };
  },
};
