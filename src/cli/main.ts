// The command line's entry, and the only place that exits.

import { readFileSync } from "node:fs";
import { tooOldNode } from "../base/node-versions.ts";
import { visibleLines } from "../base/visible.ts";
import { readArguments } from "./arguments.ts";
import { checkCommand } from "./check-command.ts";
import { compareCommand } from "./compare-command.ts";
import { deadLettersCommand } from "./dead-letters-command.ts";
import { exitStatus } from "./exit-status.ts";
import { helpText } from "./help.ts";
import { modelsCommand } from "./models-command.ts";
import { rampCommand } from "./ramp-command.ts";
import { profileCommand } from "./profile-command.ts";
import { reportCommand } from "./report-command.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const tooOld = tooOldNode(process.versions.node);
  if (tooOld !== undefined) {
    terminal.error(tooOld);
    return exitStatus.notDone;
  }
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
      return reportCommand(command.trace, command.format, terminal, version());
    case "check":
      return checkCommand(command.trace, command.budget, terminal);
    case "compare":
      return compareCommand(command.options, terminal, runnerScript());
    case "ramp":
      return rampCommand(command.options, terminal, runnerScript());
    case "models":
      return modelsCommand(command.options, terminal, runnerScript());
    case "dead-letters":
      return deadLettersCommand(command, terminal, runnerScript());
    case "profile":
      return profileCommand(command.file, command.options, terminal, runnerScript());
  }
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

/** A mistake of our own. Node's status for it would be 1, which is an answer here. */
function fail(error: unknown): void {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${visibleLines(what)}\nThis is a mistake in Poolscope itself: please report it.\n`,
  );
  process.exit(exitStatus.notDone);
}

// Until there is a better one: whatever ends this process before its time does not look like success, or like an answer.
process.exitCode = exitStatus.notDone;
process.on("uncaughtException", fail);

let isLost = false;
const terminal = processTerminal(() => {
  isLost = true;
  process.exitCode = exitStatus.notDone;
});
const status = await main(process.argv.slice(2), terminal);
process.exitCode = isLost ? exitStatus.notDone : status;
