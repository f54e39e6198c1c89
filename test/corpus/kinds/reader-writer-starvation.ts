// Readers hold the lock over a pause, so that one of them always does, and a writer that gives up after a moment and tries again is
// passed by them each time. The twin's readers take what they need and pause without the lock; its writer is the same.

import { addPause, addWork, addWorkload } from "../parts.ts";
import { here, type ProgramKind } from "../program.ts";

export const readerWriterStarvation: ProgramKind = {
  id: "reader-writer-starvation",
  rules: ["reader-writer-starvation", "lock-contention"],
  costs: "throughput",
  write(module, draw, magnitude, fixed) {
    const work = addWork(module, draw);
    const reading = addPause(module, draw, { millis: 2 + 2 * magnitude, how: "blocking" });
    const rest = addPause(module, draw, { millis: 2, how: "blocking" });
    const [read, write, take] = [draw.verb(), draw.verb(), draw.verb()];
    const lock = draw.noun();
    module.block(`
function ${take}(side) {
  for (;;) {
    try {
      return side.acquire(0.2);
    } catch (error) {
      if (error.name !== "TimeoutError") throw error;
      ${rest}();
    }
  }
}`);
    module.block(`
export function ${write}(event, ctx) {
  const guard = ${take}(ctx.rwLock("${lock}").write);
  try {
    return ${work}(${draw.int(5, 20)}) + event.payload.n;
  } finally {
    guard.release();
  }
}`);
    module.block(`
export function ${read}(event, ctx) {
  const ${lock} = ctx.rwLock("${lock}").read.run(() => ${fixed ? "" : `${reading}() + `}event.payload.n);${here}
  return ${fixed ? `${reading}() + ` : ""}${lock};
}`);
    addWorkload(module, draw, [
      { type: read, weight: draw.int(10, 16) },
      { type: write, weight: 1 },
    ]);
    return { threads: 5, arrival: { kind: "closed", inFlight: 5 } };
  },
};
