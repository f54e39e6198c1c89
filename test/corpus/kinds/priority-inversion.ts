// Urgent events wait for a lock that less urgent ones hold over a long pause; the twin pauses without it.

import { addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const priorityInversion: ProgramKind = {
  id: "priority-inversion",
  rules: ["priority-inversion", "lock-contention"],
  costs: "p99",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 3 + 12 * magnitude, how: "blocking" });
    const [slow, urgent] = [draw.verb(), draw.verb()];
    const lock = draw.noun();
    module.victim = urgent;
    module.block(`
export function ${slow}(event, ctx) {
  ${fixed ? `${pause}();` : ""}
  return ctx.mutex("${lock}").run(() => {${here}
    ${fixed ? "" : `${pause}();`}
    return ${work}(2) + event.payload.n;
  });
}`);
    module.block(`
export function ${urgent}(event, ctx) {
  return ctx.mutex("${lock}").run(() => ${work}(${draw.int(1, 4)}) + event.payload.n);
}`);
    addWorkload(module, draw, [
      { type: slow, weight: 1, priority: 1 },
      { type: urgent, weight: draw.int(3, 6), priority: 6 },
    ]);
    return { threads: 4, queue: "priority", arrival: { kind: "closed", inFlight: 4 } };
  },
};
