// Sound traces that fuzzing starts from: small real ones of each concurrency model (recorded from handlers that lock, fail, die and
// mark spans), and drawn ones, in each of which another rule finds itself.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pictured } from "../support/pictured.ts";
import { drawnFor } from "../support/rule-pages.ts";
import { encodeTrace } from "./encode-trace.ts";

const models = [
  "leader-followers",
  "half-sync-half-async",
  "active-object",
  "monitor-object",
  "event-loop",
];

/** To be called in the project's folder, as tests and benchmarks are. */
export function seedTraces(): readonly Uint8Array[] {
  return [
    ...models.map((model) => readFileSync(join("test/fixtures/traces", `${model}.pooltrace`))),
    ...Object.keys(pictured).map((rule) => encodeTrace(drawnFor(rule))),
  ];
}
