// Each change lets one waiter go on and wakes them all, which look again under the lock one after the other; the twin wakes one.

import { addPause, addWork } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const notifyHerd: ProgramKind = {
  id: "notify-herd",
  rules: ["notify-herd"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: draw.int(3, 4), how: "blocking" });
    const look = addPause(module, draw, { millis: 0.1 + 0.2 * magnitude, how: "blocking" });
    const [produce, consume, isThere] = [draw.verb(), draw.verb(), draw.verb()];
    const [lock, stock, condition] = [draw.noun(), draw.noun(), draw.noun()];
    module.block(`
function ${isThere}(${stock}) {
  ${look}();
  return ${stock}[0] > 0;
}`);
    module.block(`
export function ${produce}(event, ctx) {
  ${pause}();
  ctx.mutex("${lock}").run(() => {
    ctx.shared("${stock}", Int32Array, 1)[0]++;
    ctx.condition("${condition}").${fixed ? "notifyOne" : "notifyAll"}();${here}
  });
  return ${work}(${draw.int(1, 5)});
}`);
    // At the end of a run nobody produces any more: the last to wait go home.
    module.block(`
export function ${consume}(event, ctx) {
  const ${stock} = ctx.shared("${stock}", Int32Array, 1);
  const guard = ctx.mutex("${lock}").acquire();
  try {
    while (!${isThere}(${stock})) {
      if (!ctx.condition("${condition}").wait(guard, 150)) return 0;
    }
    ${stock}[0]--;
  } finally {
    guard.release();
  }
  return ${work}(${draw.int(1, 5)});
}`);
    // All threads but one wait for what that one produces.
    module.block(`
export function* workload() {
  for (let n = 0; ; n++) {
    if (n >= 6) yield { type: "${produce}", payload: { n } };
    yield { type: "${consume}", payload: { n } };
  }
}`);
    return { threads: 8, arrival: { kind: "closed", inFlight: 8 } };
  },
};
