// A lock of the person's own over Atomics, held while the thread sleeps; the twin sleeps before. Poolscope is not mentioned.

import { addBystanders, addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const handMadeLock: ProgramKind = {
  id: "hand-made-lock",
  rules: ["lock-contention"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const pause = addPause(module, draw, { millis: 1 + 4 * magnitude, how: "blocking" });
    const [type, lock, unlock] = [draw.verb(), draw.verb(), draw.verb()];
    const memory = draw.noun();
    module.block(`
function ${lock}(words) {
  while (Atomics.compareExchange(words, 0, 0, 1) !== 0) {
    Atomics.wait(words, 0, 1);${here}
  }
}`);
    module.block(`
function ${unlock}(words) {
  Atomics.store(words, 0, 0);
  Atomics.notify(words, 0, 1);${here}
}`);
    module.block(`
export function ${type}(event, ctx) {
  const words = ctx.shared("${memory}", Int32Array, 2);
  ${fixed ? `${pause}();` : ""}
  ${lock}(words);
  ${fixed ? "" : `${pause}();`}
  words[1] = words[1] + ${work}(2);
  ${unlock}(words);
}`);
    addWorkload(module, draw, [
      { type, weight: draw.int(3, 5) },
      ...addBystanders(module, draw, work),
    ]);
    const threads = draw.int(3, 4);
    // No more events than threads: that all of them block at once would be a finding of its own.
    return { threads, arrival: { kind: "closed", inFlight: threads } };
  },
};
