// Which file is to be profiled, and what for: asked only where it isn't clear.

import { basename } from "node:path";
import * as vscode from "vscode";
import { exportedFunctions } from "../protocol/handler-file.ts";
import type { Extension } from "./state.ts";

/** The handler file to profile; undefined when the person chose none. */
export async function chooseHandlers(
  { handlerFiles }: Extension,
  given: vscode.Uri | undefined,
): Promise<vscode.TextDocument | undefined> {
  const uri = given ?? fileInFront();
  const isCode = uri?.scheme === "file";
  const document = isCode ? await vscode.workspace.openTextDocument(uri) : undefined;
  if (document !== undefined && handlerFiles.isHandlerFile(document)) return document;
  const { known } = handlerFiles;
  if (document === undefined && known.length > 0) return pickKnown(known);
  return explain(document, known);
}

/** The active editor's file. An extension that has just started may hear of the tab before it hears of the editor. */
function fileInFront(): vscode.Uri | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined) return editor.document.uri;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? input.uri : undefined;
}

async function pickKnown(known: readonly string[]): Promise<vscode.TextDocument | undefined> {
  const items = known.map((path) => ({
    label: basename(path),
    description: vscode.workspace.asRelativePath(path),
    path,
  }));
  const placeHolder = vscode.l10n.t("Which handlers are to be profiled?");
  const picked = await vscode.window.showQuickPick(items, { placeHolder });
  return picked === undefined
    ? undefined
    : vscode.workspace.openTextDocument(vscode.Uri.file(picked.path));
}

interface Way extends vscode.QuickPickItem {
  take(): Promise<vscode.TextDocument | undefined>;
}

/** One sentence on what a handler is, and the ways on from here. */
async function explain(
  document: vscode.TextDocument | undefined,
  known: readonly string[],
): Promise<vscode.TextDocument | undefined> {
  const exported =
    document === undefined ? [] : exportedFunctions(document.getText(), document.fileName);
  const ways: Way[] = exported.map(({ name }) => ({
    label: vscode.l10n.t("Use the exported function {0}", name),
    description: document === undefined ? "" : basename(document.fileName),
    take: async () => document,
  }));
  if (known.length > 0) {
    ways.push({ label: vscode.l10n.t("Pick another file …"), take: () => pickKnown(known) });
  }
  ways.push({ label: vscode.l10n.t("Make a file of handlers to start from"), take: scaffold });
  const picked = await vscode.window.showQuickPick(ways, {
    title: vscode.l10n.t("Profile Pool"),
    placeHolder:
      document === undefined
        ? vscode.l10n.t(
            "A handler is an exported function that a pool's thread calls with each event; no file with any is open.",
          )
        : vscode.l10n.t(
            "A handler is an exported function that a pool's thread calls with each event; this file exports none that is known as one.",
          ),
  });
  return picked?.take();
}

const scaffoldText = `import type { EventRequest, Handler } from "poolscope";

interface Order {
  readonly item: number;
}

/** One event type for each exported function. */
export const place: Handler<Order, number> = (event, ctx) => {
  const sold = ctx.shared("sold", Int32Array, 16);
  return ctx.mutex("sold").run(() => {
    sold[event.payload.item] = (sold[event.payload.item] ?? 0) + 1;
    return sold[event.payload.item] ?? 0;
  });
};

/** What the pool is given to do while it is profiled. */
export function* workload(): Generator<EventRequest> {
  for (let item = 0; item < 10_000; item++) {
    yield { type: "place", payload: { item: item % 16 } };
  }
}
`;

async function scaffold(): Promise<undefined> {
  const document = await vscode.workspace.openTextDocument({
    language: "typescript",
    content: scaffoldText,
  });
  await vscode.window.showTextDocument(document);
  void vscode.window.showInformationMessage(
    vscode.l10n.t("Save this file in your workspace, then run Profile Pool on it."),
  );
}
