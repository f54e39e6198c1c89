// What the tests inside the extension host do again and again. Waits are for conditions, by the editor's own events.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";

export const workspace = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";

export const fileUri = (name: string): vscode.Uri => vscode.Uri.file(join(workspace(), name));

/** Writes a file of the workspace, as a program beside the editor would. */
export function put(name: string, text: string): void {
  const path = join(workspace(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

/** Ours, at this file, but for what is about the pool's configuration. */
export function findings(name: string): vscode.Diagnostic[] {
  return measured(name).filter(
    ({ severity }) => severity !== vscode.DiagnosticSeverity.Information,
  );
}

/** All that a run has found at this file. */
export function measured(name: string): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(fileUri(name))
    .filter(({ source }) => source === "Poolscope");
}

/** Less than a test may take, so that what did not come is told. */
const patience = 100_000;

/** Resolves when `holds` does, looked at again after each change of diagnostics; rejects with those that there are. */
export async function whenDiagnostics(holds: () => boolean): Promise<void> {
  if (holds()) return;
  let listening: vscode.Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not among these:\n${allOurs()}`)), patience);
    listening = vscode.languages.onDidChangeDiagnostics(() => {
      if (holds()) resolve();
    });
  }).finally(() => {
    clearTimeout(timer);
    listening?.dispose();
  });
}

function allOurs(): string {
  const all = vscode.languages
    .getDiagnostics()
    .flatMap(([uri, diagnostics]) =>
      diagnostics
        .filter(({ source }) => source?.startsWith("Poolscope") === true)
        .map(({ range, message }) => `${uri.path}:${range.start.line + 1} ${message}`),
    );
  return all.length === 0 ? "(none)" : all.join("\n");
}

/** Asks until the answer is there: providers register when they are ready, and no event tells it. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

export async function actions(
  name: string,
  range: vscode.Range,
): Promise<readonly vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    fileUri(name),
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
}
