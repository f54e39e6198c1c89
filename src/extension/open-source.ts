// Follows a link from the panel into the source. Files of this workspace open at once; for anything else the person is
// asked, since the name comes from a trace.

import { existsSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import * as vscode from "vscode";
import { notificationText } from "./notification-text.ts";

export interface SourcePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** `module` is the absolute path of the run's handler module, if it is known: relative names are tried above it. */
export async function openSource(place: SourcePlace, module: string | undefined): Promise<void> {
  const path = resolvePlace(place.file, module);
  if (path === undefined) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("{0} is not in this workspace any more.", notificationText(place.file)),
    );
    return;
  }
  if (!isInWorkspace(path) && !(await mayOpen(path))) return;
  const position = new vscode.Position(Math.max(0, place.line - 1), Math.max(0, place.column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(path), {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(position, position),
  });
}

/** The absolute path that a trace's name stands for; undefined when there is no such file. */
export function resolvePlace(file: string, module: string | undefined): string | undefined {
  if (isAbsolute(file)) return existsSync(file) ? file : undefined;
  const folders = [
    ...(module === undefined ? [] : parentsOf(module)),
    ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
  ];
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

function parentsOf(path: string): string[] {
  const parent = join(path, "..");
  return parent === path ? [] : [parent, ...parentsOf(parent)];
}

function isInWorkspace(path: string): boolean {
  return (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => {
    const way = relative(uri.fsPath, path);
    return !way.startsWith("..") && !isAbsolute(way);
  });
}

async function mayOpen(path: string): Promise<boolean> {
  const open = vscode.l10n.t("Open");
  const question = vscode.l10n.t("{0} lies outside this workspace. Open it?", path);
  return (await vscode.window.showWarningMessage(question, { modal: true }, open)) === open;
}
