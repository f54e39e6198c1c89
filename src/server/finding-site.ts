// Where a finding stands that is about no line of code but about how the pool is set up: at the handler that it is about, else
// at the module's first one. Only what a key of poolscope.json would change: the rest is for the panel to tell.

import type { Finding, Report, Site } from "../analysis/report.ts";
import { exportedFunctions } from "../protocol/handler-file.ts";

/** The finding's own site where it has one. `textOf` gives a recorded source by its path. */
export function standingSite(
  finding: Finding,
  { run }: Report,
  textOf: (path: string) => string | undefined,
): Site | undefined {
  if (finding.site !== undefined) return finding.site;
  if (!finding.remedies.some(({ kind }) => kind === "configuration")) return undefined;
  const text = textOf(run.module);
  if (text === undefined) return undefined;
  const handlers = exportedFunctions(text, run.module);
  const handler = handlers.find(({ name }) => name === finding.subject) ?? handlers[0];
  if (handler === undefined) return undefined;
  const column = Math.max(0, text.split("\n")[handler.line]?.indexOf(handler.name) ?? 0);
  return { file: run.module, line: handler.line + 1, column: column + 1, function: handler.name };
}
