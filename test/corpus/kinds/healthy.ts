// Programs that are in order and look as if they were not: what must not become a finding.

import { addPause, addWorkload } from "../parts.ts";
import type { ProgramKind } from "../program.ts";
import { addHandler, healthy } from "./healthy-kind.ts";
import { healthyWaits } from "./healthy-waits.ts";

const shortBusyLock = healthy("short-busy-lock", (module, draw, work) => {
  const lock = draw.noun();
  const after = draw.int(150, 300);
  addHandler(module, draw, `ctx.mutex("${lock}").run(() => ${work}(1)) + ${work}(${after})`);
  return { threads: 2, arrival: { kind: "closed", inFlight: draw.int(8, 32) } };
});

const longLockAlone = healthy("long-lock-alone", (module, draw, work) => {
  const pause = addPause(module, draw, { millis: draw.int(2, 6), how: "blocking" });
  const [rare, usual] = [draw.verb(), draw.verb()];
  module.block(`
export function ${rare}(event, ctx) {
  return ctx.mutex(\`${draw.noun()}-\${event.payload.n}\`).run(() => ${pause}());
}`);
  module.block(`
export function ${usual}(event) {
  return ${work}(${draw.int(50, 150)}) + event.payload.n;
}`);
  addWorkload(module, draw, [
    { type: rare, weight: 1 },
    { type: usual, weight: 12 },
  ]);
  return { threads: 3, arrival: { kind: "open", perSecond: 120, spacing: "poisson" } };
});

const burst = healthy("burst", (module, draw, work) => {
  const type = draw.verb();
  module.block(`
export function ${type}(event) {
  return ${work}(${draw.int(100, 300)}) + event.payload.n;
}`);
  module.block(`
export async function* workload() {
  for (let n = 0; ; n++) {
    if (n % ${draw.int(20, 40)} === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    yield { type: "${type}", payload: { n } };
  }
}`);
  return { threads: 2, arrival: { kind: "closed", inFlight: 64 } };
});

const idle = healthy("idle", (module, draw, work) => {
  addHandler(module, draw, `${work}(${draw.int(20, 200)}) + event.payload.n`);
  return { threads: 4, arrival: { kind: "open", perSecond: draw.int(20, 80), spacing: "poisson" } };
});

const manyThreads = healthy("many-threads", (module, draw, work) => {
  addHandler(module, draw, `${work}(${draw.int(100, 300)}) + event.payload.n`);
  return { threads: draw.int(5, 8), arrival: { kind: "closed", inFlight: draw.int(16, 32) } };
});

const blockingWithRoom = healthy("blocking-with-room", (module, draw) => {
  const pause = addPause(module, draw, { millis: draw.int(1, 3), how: "blocking" });
  addHandler(module, draw, `${pause}() + event.payload.n`);
  return {
    threads: 4,
    arrival: { kind: "open", perSecond: draw.int(60, 150), spacing: "poisson" },
  };
});

const orderBehindGate = healthy("order-behind-gate", (module, draw, work) => {
  const [gate, first, second] = [draw.noun(), draw.noun(), draw.noun()];
  const [forth, back] = [draw.verb(), draw.verb()];
  const nested = (type: string, outer: string, inner: string): string => `
export function ${type}(event, ctx) {
  return ctx.mutex("${gate}").run(() =>
    ctx.mutex("${outer}").run(() => ctx.mutex("${inner}").run(() => ${work}(2))),
  );
}`;
  module.block(nested(forth, first, second));
  module.block(nested(back, second, first));
  addWorkload(module, draw, [
    { type: forth, weight: 2 },
    { type: back, weight: 1 },
  ]);
  return { threads: 2, arrival: { kind: "closed", inFlight: 1 } };
});

const pairsThatNeverMeet = healthy("pairs-that-never-meet", (module, draw, work) => {
  const name = draw.noun();
  // 0 before 1, 3 before 2, 4 before 5, ...: a circle of names, none of locks.
  const type = draw.verb();
  module.block(`
export function ${type}(event, ctx) {
  const pair = 2 * (event.payload.n % ${draw.int(4, 10)});
  const turned = pair % 4 === 0 ? 0 : 1;
  return ctx
    .mutex(\`${name}-\${pair + turned}\`)
    .run(() => ctx.mutex(\`${name}-\${pair + 1 - turned}\`).run(() => ${work}(${draw.int(5, 20)})));
}`);
  addWorkload(module, draw, [{ type, weight: 1 }]);
  return { threads: 2, arrival: { kind: "closed", inFlight: draw.int(1, 2) } };
});

const awaitsMuch = healthy("awaits-much", (module, draw, work) => {
  const pause = addPause(module, draw, { millis: draw.int(3, 9), how: "await" });
  addHandler(module, draw, `(await ${pause}()) + ${work}(${draw.int(5, 30)})`, true);
  return {
    ...{ threads: 2, concurrentEvents: 16 },
    arrival: { kind: "closed", inFlight: draw.int(4, 8) },
  };
});

const largeBytes = healthy("large-bytes", (module, draw, work) => {
  const type = draw.verb();
  module.state(`const bytes = new Uint8Array(${draw.int(20_000, 60_000)}).fill(7);`);
  module.block(`
export function ${type}(event) {
  return ${work}(${draw.int(100, 300)}) + event.payload.length;
}`);
  addWorkload(module, draw, [{ type, weight: 1, payload: "bytes" }]);
  return { threads: 2, arrival: { kind: "closed", inFlight: draw.int(4, 8) } };
});

const limitWithRoom = healthy("limit-with-room", (module, draw, work) => {
  const pause = addPause(module, draw, { millis: 2, how: "await" });
  module.import('import pLimit from "p-limit";');
  module.state("const limit = pLimit(8);");
  addHandler(module, draw, `limit(async () => (await ${pause}()) + ${work}(5))`, true);
  return { threads: 2, concurrentEvents: 4, arrival: { kind: "closed", inFlight: 8 } };
});

export const healthyKinds: readonly ProgramKind[] = [
  ...[shortBusyLock, longLockAlone, burst, idle, manyThreads, blockingWithRoom],
  ...[orderBehindGate, pairsThatNeverMeet, awaitsMuch, largeBytes, limitWithRoom],
  ...healthyWaits,
];
