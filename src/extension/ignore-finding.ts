// "Ignore this finding": writes its identity into the nearest poolscope.json, as an edit that can be undone.

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as vscode from "vscode";

export async function ignoreFinding(uri: string, identity: string): Promise<void> {
  const file = configurationFor(vscode.Uri.parse(uri).fsPath);
  const target = vscode.Uri.file(file);
  if (!existsSync(file)) await writeFile(file, "{}\n", { flag: "wx" });
  const document = await vscode.workspace.openTextDocument(target);
  const text = withIgnored(document.getText(), identity);
  if (text === undefined) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        '{0} is no valid JSON, or its "ignore" is no list; mend it first.',
        vscode.workspace.asRelativePath(file),
      ),
    );
    return;
  }
  const before = document.getText();
  await replace(document, text);
  const undo = vscode.l10n.t("Undo");
  const show = vscode.l10n.t("Open poolscope.json");
  const message = vscode.l10n.t("The finding is ignored from now on.");
  const answer = await vscode.window.showInformationMessage(message, undo, show);
  if (answer === show) await vscode.window.showTextDocument(document);
  if (answer === undo && document.getText() === text) await replace(document, before);
}

async function replace(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(
    new vscode.Position(0, 0),
    document.lineAt(document.lineCount - 1).range.end,
  );
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
  await document.save();
}

/** Undefined where something of the person's would get lost. */
function withIgnored(text: string, identity: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const before: unknown = "ignore" in value ? value.ignore : [];
    if (!Array.isArray(before)) return undefined;
    const ignore = [...new Set([...before, identity])];
    const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
    return `${JSON.stringify({ ...value, ignore }, undefined, indent)}\n`;
  } catch {
    // The caller tells the person.
    return undefined;
  }
}

/** The nearest poolscope.json up to the package's folder; else a new one beside package.json. */
function configurationFor(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const candidate = join(folder, "poolscope.json");
    const isPackage = existsSync(join(folder, "package.json"));
    const isRoot = (vscode.workspace.workspaceFolders ?? []).some(
      ({ uri }) => uri.fsPath === folder,
    );
    if (existsSync(candidate) || isPackage || isRoot || dirname(folder) === folder)
      return candidate;
  }
}
