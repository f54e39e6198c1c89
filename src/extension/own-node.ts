// The editor's own Node, as the last resort: native modules may fail in it, so the person is asked.

import * as vscode from "vscode";

export async function mayUseOwnNode(): Promise<boolean> {
  const yes = vscode.l10n.t("Use the Editor's Own");
  const text = vscode.l10n.t(
    "No Node was found on this machine. The editor's own can run the handlers, but native modules built for Node may fail in it.",
  );
  return (await vscode.window.showWarningMessage(text, { modal: true }, yes)) === yes;
}
