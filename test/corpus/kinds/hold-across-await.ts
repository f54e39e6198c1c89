// An async handler keeps a lock while it waits for something else; the twin gives it back first.

import { addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const holdAcrossAwait: ProgramKind = {
  id: "hold-across-await",
  rules: ["lock-contention"],
  mechanisms: ["hold-across-await"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const type = draw.verb();
    const fetch = draw.verb();
    const lock = draw.noun();
    const cells = draw.noun();
    const millis = Math.max(1, Math.round(magnitude * draw.int(3, 6)));
    module.block(`
async function ${fetch}(ctx) {
  await ctx.sleep(${millis});
  return ${work}(3);
}`);
    const wait = `const answer = await ${fetch}(ctx);`;
    module.block(`
export async function ${type}(event, ctx) {
  const ${cells} = ctx.shared("${cells}", Int32Array, 4);
  ${fixed ? wait : ""}
  const guard = await ctx.mutex("${lock}").acquireAsync();${here}
  try {
    ${fixed ? "" : wait}
    ${cells}[0] = (${cells}[0] + answer) | 0;
  } finally {
    guard.release();
  }
  return ${work}(${draw.int(5, 20)});
}`);
    addWorkload(module, draw, [{ type, weight: 1 }]);
    const concurrentEvents = draw.int(4, 8);
    // No more events than turns: waiting for a turn would be a finding of its own.
    return {
      ...{ threads: 2, concurrentEvents },
      arrival: { kind: "closed", inFlight: 2 * concurrentEvents },
    };
  },
};
