// Turns of one thread queue in a lock of the library async-mutex that is held over an await; the twin awaits before.

import { addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const asyncMutex: ProgramKind = {
  id: "async-mutex",
  rules: ["lock-contention"],
  mechanisms: ["hold-across-await"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 1 + 5 * magnitude, how: "await" });
    const type = draw.verb();
    const lock = draw.noun();
    module.import('import { Mutex } from "async-mutex";');
    module.state(`const ${lock} = new Mutex();`);
    const wait = `const answer = await ${pause}();`;
    module.block(
      draw.chance(0.5)
        ? `
export async function ${type}(event) {
  ${fixed ? wait : ""}
  return ${lock}.runExclusive(async () => {${here}
    ${fixed ? "" : wait}
    return answer + ${work}(2) + event.payload.n;
  });
}`
        : `
export async function ${type}(event) {
  ${fixed ? wait : ""}
  const release = await ${lock}.acquire();${here}
  try {
    ${fixed ? "" : wait}
    return answer + ${work}(2) + event.payload.n;
  } finally {
    release();
  }
}`,
    );
    addWorkload(module, draw, [{ type, weight: 1 }]);
    const threads = draw.int(1, 2);
    const concurrentEvents = draw.int(4, 8);
    // No more events than turns: waiting for a turn would be a finding of its own.
    return {
      ...{ threads, concurrentEvents },
      arrival: { kind: "closed", inFlight: threads * concurrentEvents },
    };
  },
};
