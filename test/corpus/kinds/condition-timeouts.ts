// Who waits for goods is never notified, and wakes by the time limit of its wait; the twin notifies.

import { addPause, addWork } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const conditionTimeouts: ProgramKind = {
  id: "condition-timeouts",
  rules: ["condition-timeouts"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: draw.int(2, 4), how: "blocking" });
    const [produce, consume] = [draw.verb(), draw.verb()];
    const [lock, stock, condition] = [draw.noun(), draw.noun(), draw.noun()];
    const limit = Math.round(10 + 40 * magnitude);
    module.block(`
export function ${produce}(event, ctx) {
  ${pause}();
  ctx.mutex("${lock}").run(() => {
    ctx.shared("${stock}", Int32Array, 1)[0]++;
    ${fixed ? `ctx.condition("${condition}").notifyOne();` : ""}
  });
  return ${work}(${draw.int(1, 5)});
}`);
    module.block(`
export function ${consume}(event, ctx) {
  const ${stock} = ctx.shared("${stock}", Int32Array, 1);
  const guard = ctx.mutex("${lock}").acquire();
  try {
    while (${stock}[0] === 0) ctx.condition("${condition}").wait(guard, ${limit});${here}
    ${stock}[0]--;
  } finally {
    guard.release();
  }
  return ${work}(${draw.int(1, 5)});
}`);
    // What is consumed was begun to be produced before, so that nobody waits in vain.
    module.block(`
export function* workload() {
  for (let n = 0; ; n++) {
    yield { type: "${produce}", payload: { n } };
    yield { type: "${consume}", payload: { n } };
  }
}`);
    return { threads: 4, arrival: { kind: "closed", inFlight: 4 } };
  },
};
