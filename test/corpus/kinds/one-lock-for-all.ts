// Every event takes one lock around all that it does, though events of different keys have nothing in common; the twin has a
// lock for each key.

import { addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const oneLockForAll: ProgramKind = {
  id: "one-lock-for-all",
  rules: ["lock-contention"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 1 + 5 * magnitude, how: "blocking" });
    const type = draw.verb();
    const lock = draw.noun();
    const name = fixed ? `\`${lock}-\${event.payload.key}\`` : `"${lock}"`;
    module.block(`
export function ${type}(event, ctx) {
  return ctx.mutex(${name}).run(() => {${here}
    ${pause}();
    return ${work}(${draw.int(1, 5)});
  });
}`);
    const keys = draw.int(16, 64);
    addWorkload(module, draw, [{ type, weight: 1, payload: `{ n, key: (n * 7) % ${keys} }` }]);
    const threads = draw.int(3, 4);
    // No more events than threads: that all of them block at once would be a finding of its own.
    return { threads, arrival: { kind: "closed", inFlight: threads } };
  },
};
