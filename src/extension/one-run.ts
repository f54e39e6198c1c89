// One run at a time, be it a profile or a comparison: two would measure each other.

import * as vscode from "vscode";

export class OneRun {
  #isBusy = false;

  /** Does it unless something runs already, which the person is told, or the workspace is not trusted. */
  async whenFree(run: () => Promise<void>): Promise<void> {
    if (!vscode.workspace.isTrusted) return refuseUntrusted();
    if (this.#isBusy) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t("A pool is being profiled already. Wait for its end, or stop it."),
      );
      return;
    }
    this.#isBusy = true;
    try {
      await run();
    } finally {
      this.#isBusy = false;
    }
  }
}

async function refuseUntrusted(): Promise<void> {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const text = vscode.l10n.t(
    "Profile Pool runs the code of this workspace, and the workspace is not trusted. Traces can be viewed all the same.",
  );
  if ((await vscode.window.showWarningMessage(text, manage)) === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
}
