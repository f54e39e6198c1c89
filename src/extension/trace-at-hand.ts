// Which run a comparison is about when the person names none.

import * as vscode from "vscode";
import { traceOf } from "./open-trace.ts";
import type { Extension } from "./state.ts";

/** The panel in front, else the newest run of the handlers in front, else the newest run. Undefined when there is none. */
export function traceAtHand({ runs, handlerFiles }: Extension): string | undefined {
  const shown = traceOf(vscode.window.tabGroups.activeTabGroup.activeTab);
  if (shown !== undefined) return shown.fsPath;
  const document = vscode.window.activeTextEditor?.document;
  const latest = document === undefined ? undefined : runs.latestOf(document.uri.fsPath);
  // Handlers that have never run are not meant to be answered with those of another file.
  const isOther = document !== undefined && handlerFiles.isHandlerFile(document);
  return latest?.path ?? (isOther ? undefined : runs.all[0]?.path);
}

/** Profile Pool is what is wanted first. */
export async function offerFirstRun(text: string): Promise<void> {
  const profile = vscode.l10n.t("Profile Pool");
  if ((await vscode.window.showInformationMessage(text, profile)) === profile) {
    await vscode.commands.executeCommand("poolscope.profilePool");
  }
}
