// The command line's entry, and the only place that exits.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { textReport } from "../presentation/text-report.ts";
import { readArguments } from "./arguments.ts";
import { helpText } from "./help.ts";
import { exitStatus, profileCommand } from "./profile-command.ts";
import { readTrace } from "./read-trace.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const command = readArguments(argv);
  switch (command.kind) {
    case "help":
      terminal.print(helpText(command.topic));
      return exitStatus.done;
    case "version":
      terminal.print(`${version()}\n`);
      return exitStatus.done;
    case "usage":
      terminal.error(`${command.problem}\nRun poolscope --help.`);
      return exitStatus.usage;
    case "report":
      return reportCommand(command.trace, command.json, terminal);
    case "profile":
      return profileCommand(command.file, command.options, terminal, runnerScript());
  }
}

function reportCommand(trace: string, json: boolean, terminal: Terminal): number {
  const path = resolve(trace);
  const read = readTrace(path);
  if (read.kind === "unreadable") {
    for (const problem of read.problems) terminal.error(problem);
    return exitStatus.notDone;
  }
  const { report } = read;
  const text = json
    ? `${JSON.stringify(report, undefined, 2)}\n`
    : textReport(report, { colour: terminal.colour, tracePath: path });
  terminal.print(text);
  return report.run.ended === "cut" ? exitStatus.notDone : exitStatus.done;
}

/** The runtime process's script: bundled beside this one, or compiled in its own module. */
function runnerScript(): URL {
  const bundled = import.meta.url.endsWith("/poolscope.js");
  return new URL(bundled ? "./runner.js" : "../runner/main.js", import.meta.url);
}

function version(): string {
  const manifest = import.meta.url.endsWith("/poolscope.js")
    ? "../package.json"
    : "../../../package.json";
  const text = readFileSync(new URL(manifest, import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

process.exitCode = await main(process.argv.slice(2), processTerminal());
