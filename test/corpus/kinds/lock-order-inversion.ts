// Two handlers take two locks in opposite orders: some day they deadlock. The twin has one order.

import { addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const lockOrderInversion: ProgramKind = {
  id: "lock-order-inversion",
  rules: ["lock-order-inversion"],
  costs: "nothing",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const [first, second] = [draw.noun(), draw.noun()];
    const [forth, back] = [draw.verb(), draw.verb()];
    const nested = (type: string, outer: string, inner: string, mark: string): string => `
export function ${type}(event, ctx) {
  return ctx.mutex("${outer}").run(() => {
    const before = ${work}(${draw.int(1, 4)});
    return ctx.mutex("${inner}").run(() => before + ${work}(${draw.int(1, 4)}));${mark}
  });
}`;
    module.block(nested(forth, first, second, here));
    module.block(fixed ? nested(back, first, second, here) : nested(back, second, first, here));
    const rare = Math.max(1, Math.round(magnitude * 5));
    addWorkload(module, draw, [
      { type: forth, weight: 6 },
      { type: back, weight: rare },
    ]);
    // One event at a time: the orders are there to be seen, the deadlock never comes.
    return { threads: draw.int(1, 3), arrival: { kind: "closed", inFlight: 1 } };
  },
};
