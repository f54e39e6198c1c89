// What `--help` prints.

import { settingOptions } from "./arguments.ts";

const general = `poolscope: shows which lock your worker threads wait for, who holds it, and at which line.

  poolscope profile FILE [options]   run the handlers in FILE and print where it hurts
  poolscope report TRACE [--json]    print the report of a saved trace
  poolscope COMMAND --help           the options of a command
  poolscope --version

Exit status: 0 done, 1 more handler failures than --max-failures, 2 wrong usage, 3 the run could
not be done or was cut.
`;

const report = `poolscope report TRACE [--json]

Prints the report of a .pooltrace file; --json prints it as data (docs/report.schema.json).
`;

export function helpText(topic: "poolscope" | "profile" | "report"): string {
  if (topic === "poolscope") return general;
  if (topic === "report") return report;
  const options = Object.entries(settingOptions).map(
    ([name, value]) => `  --${name.padEnd(18)} ${value}`,
  );
  return `poolscope profile FILE [options]

Runs the event handlers that FILE exports in a Leader/Followers pool, writes a trace, prints a report.
Every option can stand in poolscope.json too (docs: poolscope.schema.json).

${options.join("\n")}
  --out                FILE.pooltrace (default: in .poolscope/)
  --node               the node that runs the handlers
  --json               print the report as data
`;
}
