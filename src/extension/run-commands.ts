// What can be done with a stored run: open, rename, reveal, save to the workspace, delete.

import { basename, join } from "node:path";
import * as vscode from "vscode";
import { openTrace } from "./open-trace.ts";
import { saveCopy } from "./save-copy.ts";
import type { Extension } from "./state.ts";
import type { StoredRun } from "./run-store.ts";

type RunCommand = (run: Pick<StoredRun, "path">) => unknown;

export function runCommands(extension: Extension): Readonly<Record<string, RunCommand>> {
  const { runs } = extension;
  return {
    "poolscope.openRun": ({ path }) => openTrace(path),
    "poolscope.compareRun": ({ path }) => vscode.commands.executeCommand("poolscope.compare", path),
    "poolscope.compareRunModels": ({ path }) =>
      vscode.commands.executeCommand("poolscope.compareModels", path),
    "poolscope.renameRun": async ({ path }) => {
      const name = await vscode.window.showInputBox({
        prompt: vscode.l10n.t("Name of this run; a run with a name is kept for ever"),
        value: runs.find(path)?.name ?? "",
      });
      if (name !== undefined && name.trim() !== "") runs.rename(path, name.trim());
    },
    "poolscope.revealRun": ({ path }) =>
      vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(path)),
    "poolscope.saveRun": async ({ path }) => {
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const proposed = join(folder?.fsPath ?? "", basename(path));
      const target = await vscode.window.showSaveDialog({
        defaultUri: vscode.Uri.file(proposed),
        filters: { [vscode.l10n.t("Pool trace")]: ["pooltrace"] },
      });
      if (target !== undefined) await saveCopy(path, target.fsPath);
    },
    "poolscope.deleteRun": async ({ path }) => {
      const yes = vscode.l10n.t("Delete");
      const question = vscode.l10n.t("Delete this run? Its trace can't be brought back.");
      const answer = await vscode.window.showWarningMessage(question, { modal: true }, yes);
      if (answer !== yes) return;
      runs.delete(path);
      extension.runningClient()?.forget(path);
    },
  };
}
