// Follows a link from the panel into the source. The name comes from a trace: the server says what may be opened for it, and looks
// at nothing else; where the file is out of reach or gone, the text that ran is shown, which the trace has.

import * as vscode from "vscode";
import { notificationText } from "./notification-text.ts";
import type { SourceAnswer } from "../protocol/server-messages.ts";
import { showRecorded } from "./recorded-sources.ts";

export interface SourcePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export async function openSource(place: SourcePlace, found: SourceAnswer): Promise<void> {
  const position = new vscode.Position(Math.max(0, place.line - 1), Math.max(0, place.column - 1));
  const selection = new vscode.Range(position, position);
  switch (found.kind) {
    case "none":
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          "{0} is not below a folder that is open here, and the trace has no text of it.",
          notificationText(place.file),
        ),
      );
      return;
    case "text":
      await showRecorded({ path: place.file, text: found.text }, selection);
      return;
    case "elsewhere":
      if (await mayOpen(found.path)) await show(found.path, selection);
      return;
    case "file":
      await show(found.path, selection);
  }
}

async function show(path: string, selection: vscode.Range): Promise<void> {
  const viewColumn = vscode.ViewColumn.One;
  await vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn, selection });
}

/** Of a run that was recorded here, such as a dependency outside of its root. */
async function mayOpen(path: string): Promise<boolean> {
  const open = vscode.l10n.t("Open");
  const question = vscode.l10n.t(
    "{0} lies outside this workspace. Open it?",
    notificationText(path),
  );
  return (await vscode.window.showWarningMessage(question, { modal: true }, open)) === open;
}
