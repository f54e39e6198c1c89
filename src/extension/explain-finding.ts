// "Explain this finding": its page of documentation, which is packaged with the extension: nothing is fetched.

import * as vscode from "vscode";

export async function explainFinding(
  { extensionUri }: vscode.ExtensionContext,
  page: string,
): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, "docs", "findings");
  const target = vscode.Uri.joinPath(extensionUri, page);
  // The page's name comes from a trace: only pages of ours are opened.
  if (!target.path.startsWith(`${folder.path}/`)) return;
  await vscode.commands.executeCommand("markdown.showPreview", target);
}
