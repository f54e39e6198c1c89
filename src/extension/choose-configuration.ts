// Under which configuration a module is profiled: asked only where its folder has several, poolscope.json and
// poolscope.NAME.json beside it. What was chosen last comes first.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import * as vscode from "vscode";
import { configurationsOf } from "./configuration-files.ts";

interface Choice extends vscode.QuickPickItem {
  readonly path: string;
}

/** Settings for the run; undefined when the person went away. */
export async function chooseConfiguration(
  context: vscode.ExtensionContext,
  module: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const files = configurationsOf(module);
  if (files.every((file) => basename(file) === "poolscope.json")) return {};
  const key = `poolscope.configuration:${module}`;
  const last = context.workspaceState.get<string>(key);
  const choices = files
    .map((path): Choice => ({ label: basename(path), description: summaryOf(path), path }))
    .sort((one, other) => Number(other.path === last) - Number(one.path === last));
  const placeHolder = vscode.l10n.t("Which configuration is the pool to run with?");
  const picked = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t("Profile Pool"),
    placeHolder,
  });
  if (picked === undefined) return undefined;
  await context.workspaceState.update(key, picked.path);
  return { config: picked.path };
}

/** "threads 8, rate 500": what it says, on one line. */
function summaryOf(file: string): string {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Object.entries(value as Readonly<Record<string, unknown>>)
      .filter(([name, each]) => !name.startsWith("$") && typeof each !== "object")
      .map(([name, each]) => `${name} ${String(each)}`)
      .join(", ");
  } catch {
    // What is wrong with it is told when it is chosen.
    return "";
  }
}
