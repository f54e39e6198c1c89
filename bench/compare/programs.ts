// Handler modules that are compared: short, so that starting them costs more than running them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Shares by which service time is made longer. */
export const planted = [0.1, 0.3, 1] as const;

const work = `
  let hash = event.payload.n;
  for (let i = 0; i < LOOPS; i++) hash = Math.imul(hash ^ i, 16777619);
`;
const workload = `
export function* workload() {
  for (let n = 0; n < 1000; n++) yield { type: "work", payload: { n } };
}`;

/** Plain work, work behind a lock, and work that awaits, in turn. */
export function sameProgram(folder: string, index: number): string {
  const kinds = [
    `export function work(event) { ${loops(60_000)} return hash; }`,
    `export function work(event, ctx) {
       const inside = ctx.mutex("all").run(() => { ${loops(15_000)} return hash; });
       ${loops(30_000)} return hash ^ inside; }`,
    `export async function work(event) { ${loops(30_000)} await null; return hash; }`,
  ];
  const kind = index % kinds.length;
  return write(folder, `same-${kind}.js`, kinds[kind] ?? "");
}

/** Long enough that what the pool itself costs is small beside it. */
export function slowerProgram(folder: string, more: number): string {
  const text = `export function work(event) { ${loops(Math.round(300_000 * (1 + more)))} return event.payload.n; }`;
  return write(folder, `slower-${more}.js`, text);
}

function loops(count: number): string {
  return work.replace("LOOPS", String(count));
}

function write(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const path = join(folder, name);
  writeFileSync(path, text + workload);
  return path;
}
