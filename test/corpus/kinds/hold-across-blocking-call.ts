// A lock is held across a call that blocks the thread; the twin makes the call before.

import { addBystanders, addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const holdAcrossBlockingCall: ProgramKind = {
  id: "hold-across-blocking-call",
  rules: ["lock-contention"],
  mechanisms: ["hold-across-blocking-call", "serialised-execution"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 1 + magnitude * 4, how: "blocking" });
    const type = draw.verb();
    const lock = draw.noun();
    const call = `const answer = ${pause}();`;
    module.block(`
export function ${type}(event, ctx) {
  ${fixed ? call : ""}
  const guard = ctx.mutex("${lock}").acquire();${here}
  try {
    ${fixed ? "" : call}
    return answer + ${work}(${draw.int(1, 5)});
  } finally {
    guard.release();
  }
}`);
    addWorkload(module, draw, [
      { type, weight: draw.int(3, 6) },
      ...addBystanders(module, draw, work),
    ]);
    // As many in flight as threads: with more, the twin's threads would all be in the call while work waits, a fault too.
    const threads = draw.int(3, 4);
    return { threads, arrival: { kind: "closed", inFlight: threads } };
  },
};
