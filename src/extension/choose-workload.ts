// What the pool is given to do. The module's own workload goes without a question; else the person is asked, and the last
// answer for this file comes first.

import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { exportedFunctions } from "../protocol/handler-file.ts";
import { configurationsOf } from "./configuration-files.ts";

const exportsWorkload =
  /export\s+(?:async\s+)?(?:function\s*\*?|const)\s+workload\b|exports\.workload\s*=/;

/** Settings for the run; undefined when the person went away. */
export async function chooseWorkload(
  context: vscode.ExtensionContext,
  document: vscode.TextDocument,
  configuration: string | undefined,
): Promise<Readonly<Record<string, string>> | undefined> {
  // Where several could hold, one was chosen.
  const file = configuration ?? configurationsOf(document.fileName)[0];
  if (exportsWorkload.test(document.getText()) || namesWorkload(file)) return {};
  const key = `poolscope.workload:${document.fileName}`;
  const last = context.workspaceState.get<string>(key);
  const workload = await ask(document, last);
  if (workload === undefined) return undefined;
  await context.workspaceState.update(key, workload);
  return { workload };
}

async function ask(
  document: vscode.TextDocument,
  last: string | undefined,
): Promise<string | undefined> {
  const again = { label: vscode.l10n.t("As before: {0}", last ?? "") };
  const lines = {
    label: vscode.l10n.t("Events from a JSON Lines file …"),
    detail: vscode.l10n.t("One event a line: type, payload, priority"),
  };
  const sample = {
    label: vscode.l10n.t("Write a workload into this file"),
    detail: vscode.l10n.t("One typed sample for each handler, to be filled in"),
  };
  const empty = {
    label: vscode.l10n.t("Empty events …"),
    detail: vscode.l10n.t("The handlers are called without a payload"),
  };
  const items = [...(last === undefined ? [] : [again]), lines, sample, empty];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Profile Pool"),
    placeHolder: vscode.l10n.t("This module has no workload. What should the pool be given to do?"),
  });
  if (picked === again) return last;
  if (picked === lines) return pickLines();
  if (picked === empty) return askCount();
  if (picked === sample) await writeSample(document);
  return undefined;
}

async function pickLines(): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({
    canSelectMany: false,
    filters: { [vscode.l10n.t("JSON Lines")]: ["jsonl", "ndjson", "json"] },
  });
  return files?.[0]?.fsPath;
}

async function askCount(): Promise<string | undefined> {
  const count = await vscode.window.showInputBox({
    prompt: vscode.l10n.t("How many events?"),
    value: "1000",
    validateInput: (text) =>
      /^[1-9]\d{0,8}$/.test(text) ? undefined : vscode.l10n.t("A whole number from 1 up."),
  });
  return count === undefined ? undefined : `empty:${count}`;
}

/** Appended, not run: the samples' payloads are the person's to fill in. */
async function writeSample(document: vscode.TextDocument): Promise<void> {
  const handlers = exportedFunctions(document.getText(), document.fileName);
  const yields = handlers.map(
    ({ name }) => `    yield { type: ${JSON.stringify(name)}, payload: {} };`,
  );
  const text =
    "\n/** What the pool is given to do while it is profiled. */\n" +
    `export function* workload() {\n  for (let count = 0; count < 1000; count++) {\n${yields.join("\n")}\n  }\n}\n`;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, text);
  await vscode.workspace.applyEdit(edit);
  const editor = await vscode.window.showTextDocument(document);
  editor.revealRange(editor.document.lineAt(editor.document.lineCount - 1).range);
}

function namesWorkload(configuration: string | undefined): boolean {
  if (configuration === undefined) return false;
  return /"workload"\s*:/.test(readFileSync(configuration, "utf8"));
}
