// A lens over each handler: Profile Pool, and after a run how the handler fared.

import { fileURLToPath } from "node:url";
import type { CodeLens } from "vscode-languageserver/node";
import type { HandlerLatency } from "../analysis/report.ts";
import { duration, percent } from "../presentation/format.ts";
import { exportedFunctions } from "../protocol/handler-file.ts";

export function codeLenses(
  uri: string,
  text: string,
  latency: ReadonlyMap<string, HandlerLatency>,
): CodeLens[] {
  return exportedFunctions(text, fileURLToPath(uri)).flatMap(({ name, line }) => {
    const position = { line, character: 0 };
    const range = { start: position, end: position };
    const profile: CodeLens = {
      range,
      command: { title: "Profile Pool", command: "poolscope.profilePool", arguments: [uri] },
    };
    const row = latency.get(name);
    if (row === undefined || row.total.count === 0) return [profile];
    const title = `p99 ${duration(row.total.p99)}, ${percent(waitShare(row))} waiting for locks`;
    const command = "poolscope.openLatest";
    return [profile, { range, command: { title, command, arguments: [uri] } }];
  });
}

/** Of the time in the handler. */
function waitShare({ lockWait, service }: HandlerLatency): number {
  return service.total === 0 ? 0 : Math.min(1, lockWait.total / service.total);
}
