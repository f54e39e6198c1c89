// What makes a kind of the corpus a healthy one.

import type { RunConfiguration } from "../../../src/protocol/run-configuration.ts";
import type { Draw } from "../draw.ts";
import { addWork, addWorkload } from "../parts.ts";
import type { ModuleText, ProgramKind } from "../program.ts";

type Write = (module: ModuleText, draw: Draw, work: string) => Partial<RunConfiguration>;

export function healthy(id: string, write: Write): ProgramKind {
  return {
    id: `healthy-${id}`,
    rules: [],
    costs: "healthy",
    write: (module, draw) => write(module, draw, addWork(module, draw)),
  };
}

/** One handler that returns `body`, and a workload of nothing else. */
export function addHandler(module: ModuleText, draw: Draw, body: string, isAsync = false): void {
  const type = draw.verb();
  module.block(`
export ${isAsync ? "async " : ""}function ${type}(event, ctx) {
  return ${body};
}`);
  addWorkload(module, draw, [{ type, weight: 1 }]);
}
