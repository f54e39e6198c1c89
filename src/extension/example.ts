// The walkthrough's example: a copy of its own, so that a fix can be applied to it, with the package's types beside it, so
// that the editor knows what it imports.

import { existsSync } from "node:fs";
import * as vscode from "vscode";

export async function openExample({
  extensionUri,
  globalStorageUri,
}: vscode.ExtensionContext): Promise<vscode.Uri> {
  const from = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(extensionUri, ...path);
  const to = (...path: string[]): vscode.Uri =>
    vscode.Uri.joinPath(globalStorageUri, "example", ...path);
  const overwrite = { overwrite: true };
  const handlers = to("accounts.ts");
  const types = to("node_modules", "poolscope");
  // What a person has made of it stays theirs.
  if (!existsSync(handlers.fsPath)) {
    await vscode.workspace.fs.copy(from("examples", "bank-transfers", "accounts.ts"), handlers);
  }
  await vscode.workspace.fs.copy(
    from("dist", "pool.d.ts"),
    vscode.Uri.joinPath(types, "index.d.ts"),
    overwrite,
  );
  await vscode.workspace.fs.writeFile(
    vscode.Uri.joinPath(types, "package.json"),
    Buffer.from('{ "name": "poolscope", "types": "index.d.ts" }\n'),
  );
  await vscode.window.showTextDocument(handlers);
  return handlers;
}
