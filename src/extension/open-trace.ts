// Shows a trace in its custom editor.

import * as vscode from "vscode";

export const traceViewType = "poolscope.trace";

export async function openTrace(path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  const options = { viewColumn: columnFor(uri), preview: false };
  await vscode.commands.executeCommand("vscode.openWith", uri, traceViewType, options);
}

/** Where it is open, or where another trace is seen, so that traces never add a third column; else beside the source. */
function columnFor(uri: vscode.Uri): vscode.ViewColumn {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const groups = [activeTabGroup, ...all];
  const shown =
    groups.find(({ tabs }) => tabs.some((tab) => traceOf(tab)?.fsPath === uri.fsPath)) ??
    groups.find(({ activeTab }) => traceOf(activeTab) !== undefined);
  return shown?.viewColumn ?? vscode.ViewColumn.Beside;
}

/** The trace that a tab shows. */
export function traceOf(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input: unknown = tab?.input;
  const isTrace = input instanceof vscode.TabInputCustom && input.viewType === traceViewType;
  return isTrace ? input.uri : undefined;
}
