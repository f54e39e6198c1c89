// `poolscope report`: a saved trace for a person, a program, a pull request or a code host. Returns the exit status.

import { rules } from "../analysis/rules/rules.ts";
import { resolve } from "node:path";
import type { JudgedReport } from "../presentation/judged-report.ts";
import { markdownReport } from "../presentation/markdown-report.ts";
import { sarifReport } from "../presentation/sarif.ts";
import { textReport } from "../presentation/text-report.ts";
import type { ReportFormat } from "./arguments.ts";
import { exitStatus } from "./exit-status.ts";
import { readJudgedTrace, type ReadJudgedTrace } from "./judged-trace.ts";
import type { Terminal } from "./terminal.ts";

export function reportCommand(
  trace: string,
  format: ReportFormat,
  terminal: Terminal,
  version: string,
): number {
  const path = resolve(trace);
  const read = readJudgedTrace(path);
  if (read.kind === "unreadable") {
    for (const problem of read.problems) terminal.error(problem);
    return exitStatus.notDone;
  }
  printReport(read, path, format, terminal, version);
  return read.judged.report.run.ended === "cut" ? exitStatus.notDone : exitStatus.done;
}

export function printReport(
  { judged, textOf }: ReadJudgedTrace,
  path: string,
  format: ReportFormat,
  terminal: Terminal,
  /** Of Poolscope; for SARIF. */
  version = "",
): void {
  switch (format) {
    case "json":
      terminal.print(jsonText(jsonReport(judged)));
      break;
    case "markdown":
      terminal.print(markdownReport(judged));
      break;
    case "sarif":
      terminal.print(jsonText(sarifReport(judged, { version, rules, textOf })));
      break;
    case "text":
      terminal.print(
        textReport(judged.report, { colour: terminal.colour, tracePath: path }) +
          ignoredText(judged),
      );
      break;
  }
}

function jsonReport({ report, suppressed }: JudgedReport): object {
  return {
    ...report,
    suppressed: suppressed.map(({ finding, by, reason }) => ({ by, reason, finding })),
  };
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function ignoredText({ suppressed }: JudgedReport): string {
  if (suppressed.length === 0) return "";
  return `${suppressed.length} ignored: ${suppressed.map(({ finding }) => finding.identity).join(", ")}\n`;
}
