// Transfers take the locks of two accounts in the order in which the event names them, and now and then two meet: one of them is
// refused. The twin takes them in the order of their numbers.

import { addPause, addWork } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const deadlock: ProgramKind = {
  id: "deadlock",
  rules: ["deadlock", "lock-order-inversion"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: draw.int(1, 2), how: "blocking" });
    const type = draw.verb();
    const lock = draw.noun();
    const pairs = Math.round(80 - 40 * magnitude);
    const order = fixed ? "[from, to].sort((one, other) => one - other)" : "[from, to]";
    module.block(`
export function ${type}(event, ctx) {
  const { from, to } = event.payload;
  const [first, second] = ${order};
  return ctx.mutex(\`${lock}-\${first}\`).run(() => {${here}
    ${pause}();
    return ctx.mutex(\`${lock}-\${second}\`).run(() => ${work}(${draw.int(2, 10)}));${here}
  });
}`);
    module.block(`
export function* workload() {
  let drawn = ${draw.int(1, 1 << 20)};
  for (let n = 0; ; n++) {
    drawn = (Math.imul(drawn, 1103515245) + 12345) >>> 0;
    const [one, other] = [2 * ((drawn >>> 8) % ${pairs}), 2 * ((drawn >>> 8) % ${pairs}) + 1];
    const [from, to] = (drawn & 64) === 0 ? [one, other] : [other, one];
    yield { type: "${type}", payload: { from, to } };
  }
}`);
    return { threads: 3, arrival: { kind: "closed", inFlight: 3 } };
  },
};
