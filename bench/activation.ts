// `npm run bench -- activation`: how long the packaged extension takes to activate in a real VS Code. What measures it lives
// with the tests in VS Code; here it is started.

import { spawnSync } from "node:child_process";
import process from "node:process";

export async function activationBench(): Promise<void> {
  const packaged = run(process.platform === "win32" ? "npm.cmd" : "npm", ["run", "package"]);
  process.exitCode =
    packaged === 0 ? run(process.execPath, ["test/vscode/run.js", "--bench"]) : packaged;
}

function run(command: string, args: readonly string[]): number {
  const shell = command.endsWith(".cmd");
  return spawnSync(command, args, { stdio: "inherit", shell }).status ?? 1;
}
