// `poolscope check`: holds a trace against a team's budget and says what passes it. Returns the exit status.

import { resolve } from "node:path";
import { visible } from "../base/visible.ts";
import { passedBudgets } from "../analysis/budget.ts";
import { readBudget } from "../session/configuration.ts";
import { exitStatus } from "./exit-status.ts";
import { readJudgedTrace } from "./judged-trace.ts";
import type { Terminal } from "./terminal.ts";

export function checkCommand(
  trace: string,
  budgetFile: string | undefined,
  terminal: Terminal,
): number {
  const read = readJudgedTrace(resolve(trace));
  if (read.kind === "unreadable") {
    for (const problem of read.problems) terminal.error(problem);
    return exitStatus.notDone;
  }
  const { judged, configuration } = read;
  const file = budgetFile === undefined ? configuration : resolve(budgetFile);
  const budget = readBudget(file);
  if (budget.kind === "refused") {
    terminal.error(budget.problem);
    return exitStatus.usage;
  }
  const passed = passedBudgets(judged.report, judged.report.findings, budget.budget);
  for (const { sentence, finding } of passed) {
    const site = finding?.site;
    const place = site === undefined ? "" : `${site.file}:${site.line}:${site.column}: `;
    terminal.print(`${visible(`${place}${sentence}`)}\n`);
  }
  const { run } = judged.report;
  if (run.ended === "cut") {
    terminal.error(`The run was cut, so that its figures are not a whole run's: ${run.message}`);
    return exitStatus.notDone;
  }
  if (passed.length > 0) return exitStatus.failures;
  terminal.print(`${run.module} is within its budget (${file}).\n`);
  return exitStatus.done;
}
