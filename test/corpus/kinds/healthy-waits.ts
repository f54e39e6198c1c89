// More programs that are in order: threads that wait for each other, or are busy elsewhere, as they should.

import { addPause, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";
import { addHandler, healthy } from "./healthy-kind.ts";

/** The workload computes much for each event, and there are enough of them all the same. */
const busyWorkload = healthy("busy-workload", (module, draw, work) => {
  const type = draw.verb();
  const making = draw.int(100, 300);
  const pause = addPause(module, draw, { millis: draw.int(3, 5), how: "blocking" });
  module.block(`
export function ${type}(event) {
  return ${pause}() + event.payload.sum;
}`);
  module.block(`
export function* workload() {
  for (let n = 0; ; n++) yield { type: "${type}", payload: { n, sum: ${work}(${making}) } };
}`);
  return { threads: 4, arrival: { kind: "closed", inFlight: 4 } };
});

/** Many are woken at once, and all of them go on: each waits for the end of the round in which it came. */
const wokenTogether = healthy("woken-together", (module, draw, work) => {
  const pause = addPause(module, draw, { millis: draw.int(3, 5), how: "blocking" });
  const [wait, open] = [draw.verb(), draw.verb()];
  const [lock, rounds, condition] = [draw.noun(), draw.noun(), draw.noun()];
  // At the end of a run nobody opens a round any more: the last to wait go home.
  module.block(`
export function ${wait}(event, ctx) {
  const ${rounds} = ctx.shared("${rounds}", Int32Array, 1);
  const guard = ctx.mutex("${lock}").acquire();
  try {
    const round = ${rounds}[0];
    while (${rounds}[0] === round) {
      if (!ctx.condition("${condition}").wait(guard, 150)) return 0;
    }
  } finally {
    guard.release();
  }
  return ${work}(${draw.int(1, 10)});
}`);
  module.block(`
export function ${open}(event, ctx) {
  ${pause}();
  ctx.mutex("${lock}").run(() => {
    ctx.shared("${rounds}", Int32Array, 1)[0]++;
    ctx.condition("${condition}").notifyAll();
  });
  return event.payload.n;
}`);
  addWorkload(module, draw, [
    { type: wait, weight: 5 },
    { type: open, weight: 1 },
  ]);
  return { threads: 8, arrival: { kind: "closed", inFlight: 6 } };
});

/** Both sides of a read-write lock wait now and then, and nobody for long. */
const readersAndWriters = healthy("readers-and-writers", (module, draw, work) => {
  const pause = addPause(module, draw, { millis: draw.int(2, 4), how: "blocking" });
  const [read, write] = [draw.verb(), draw.verb()];
  const lock = draw.noun();
  module.block(`
export function ${read}(event, ctx) {
  const found = ctx.rwLock("${lock}").read.run(() => ${work}(${draw.int(5, 15)}) + event.payload.n);
  return ${pause}() + found;
}`);
  module.block(`
export function ${write}(event, ctx) {
  return ctx.rwLock("${lock}").write.run(() => ${work}(${draw.int(5, 15)}) + event.payload.n);
}`);
  addWorkload(module, draw, [
    { type: read, weight: draw.int(8, 16) },
    { type: write, weight: 1 },
  ]);
  return { threads: 5, arrival: { kind: "closed", inFlight: 5 } };
});

/** Threads have timers, which do little each time. */
const smallTimers = healthy("small-timers", (module, draw, work) => {
  const pause = addPause(module, draw, { millis: draw.int(2, 4), how: "blocking" });
  module.block(`
export function setup() {
  setInterval(() => ${work}(${draw.int(5, 30)}), ${draw.int(2, 6)});
}`);
  addHandler(module, draw, `${pause}() + event.payload.n`);
  return { threads: 4, when: "eager", arrival: { kind: "closed", inFlight: 4 } };
});

export const healthyWaits: readonly ProgramKind[] = [
  ...[busyWorkload, wokenTogether, readersAndWriters, smallTimers],
];
