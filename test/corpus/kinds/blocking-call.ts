// Async handlers block their threads in a synchronous call while work waits; the twin awaits instead.

import { addPause, addWork, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";

export const blockingCall: ProgramKind = {
  id: "blocking-call",
  rules: ["blocking-call"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const millis = 2 + magnitude * 8;
    const pause = addPause(module, draw, {
      ...{ millis, isHere: true },
      how: fixed ? "await" : "blocking",
    });
    const [type, prepare] = [draw.verb(), draw.verb()];
    module.block(`
function ${prepare}(event) {
  return ${work}(${draw.int(5, 20)}) + event.payload.n;
}`);
    module.block(`
export async function ${type}(event, ctx) {
  const ready = ${prepare}(event);
  return ready + (await ${pause}());
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    const concurrentEvents = draw.int(4, 8);
    return {
      ...{ threads: 2, concurrentEvents },
      arrival: { kind: "closed", inFlight: 2 * concurrentEvents },
    };
  },
};
